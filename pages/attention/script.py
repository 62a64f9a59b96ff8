"""The attention page's view as Python: the same weights, sums and next words."""

from pages.attention.passes import CANDIDATES
from pages.attention.what_if import WhatIf

SCRIPT = '''
import numpy as np

from minigpt import Trace
from minigpt.nn.attention_patterns import heads_weights, measured, pattern_targets
from minigpt.nn.changes import cut, forced, tempered, together, unmasked, without_head
from minigpt.nn.ops import softmax_forward

IDS = {ids}  # the tokens of the text
LAYER, HEAD, QUERY, KEY = {layer}, {head}, {query}, {key}  # counted from 0

model = load_lab().model
D, G = model.config.head_width, model.config.n_head // model.config.kv_heads
changes = together({changes})
plain, changed = Trace(), Trace()
model.forward(np.array([IDS]), trace=plain)
model.forward(np.array([IDS]), trace=changed, change=changes)

q = changed[f'h.{{LAYER}}.attn.q'][0, HEAD, QUERY]
k = changed[f'h.{{LAYER}}.attn.k'][0, HEAD // G, KEY]
print('dot', q @ k, 'score', changed[f'h.{{LAYER}}.attn.scores'][0, HEAD, QUERY, KEY])
weights = changed[f'h.{{LAYER}}.attn.weights'][0, HEAD, QUERY]
print('weights', *weights)
heads = changed[f'h.{{LAYER}}.attn.heads'][0, QUERY]
print('output', *heads[HEAD * D:(HEAD + 1) * D])

for name, targets in pattern_targets(IDS).items():
    found = measured(heads_weights(plain, model.config.n_layer), targets)
    if found:
        print('pattern', name, found.share[LAYER, HEAD], found.chance)

before, after = (softmax_forward(it['logits'][0, -1].astype(np.float64))[0]
                 for it in (plain, changed))
for i in np.argsort(-np.maximum(before, after), kind='stable')[:{rows}]:
    print('next', i, before[i], after[i])
'''


def attention_script(page) -> str:
    """The script for what the page shows now; empty while there is no text."""
    if not page.passes:
        return ''
    return SCRIPT.format(ids=page.passes.ids, layer=page.layer, head=page.head,
                         query=page.shown_query, key=page.shown_key, rows=CANDIDATES,
                         changes=', '.join(calls(page.passes.what_if)))


def calls(changed: WhatIf) -> list[str]:
    """The changes as the script makes them, in the order in which the page does."""
    made = [] if changed.mask else ['unmasked()']
    made += [f'cut{it}' for it in changed.cut]
    made += [] if changed.temperature == 1 else [f'tempered({changed.temperature})']
    made += [f'forced{it}' for it in changed.forced]
    return made + [f'without_head({layer}, {head}, model.config)' for layer, head in changed.off]
