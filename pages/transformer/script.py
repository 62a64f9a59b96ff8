"""The transformer page's view as Python: the same words, lengths and contributions."""

SCRIPT = '''
import numpy as np

from minigpt import Trace
from minigpt.nn.ablation import switched_off
from minigpt.nn.logit_lens import direct_contributions, logit_lens, stream_stops
from minigpt.nn.ops import softmax_forward

TEXT = {text!r}
PLACE = {place}  # the token looked at
OFF = {off!r}  # parts that do nothing
LAYER = {layer}  # of the block looked at, from 0
WORD = {word}  # id of the word explained

lab = load_lab()
model, words = lab.model, lab.tokenizer
ids = np.array([words.encode(TEXT)])


def shares(logits):
    return softmax_forward(logits.astype(np.float64))[0]


def likeliest(share, count):
    return ', '.join(f'{{words.decode([int(i)])!r}} {{share[i]:.6f}}'
                     for i in np.argsort(-share, kind='stable')[:count])


before, trace = model.forward(ids)[0, PLACE], Trace()
after = model.forward(ids, trace=trace, change=switched_off(model, ids, OFF))[0, PLACE]
print('before:', likeliest(shares(before), 6))
print('after:', likeliest(shares(after), 6))
for name in stream_stops(model.config.n_layer):
    stream = trace[name][0, PLACE]
    share = shares(logit_lens(model, stream))
    print('stop', name, 'norm', np.linalg.norm(stream), 'share', share[WORD], likeliest(share, 3))
for name, value in direct_contributions(model, ids, trace, PLACE, WORD).items():
    print('direct', name, value)
active = trace[f'h.{{LAYER}}.mlp.active'][0, PLACE]
for neuron in np.argsort(-active, kind='stable')[:8]:
    print('neuron', neuron, 'activation', active[neuron])
'''


def transformer_script(page) -> str:
    """The script for what the page shows now; empty while there is no text."""
    if page.reading is None:
        return ''
    return SCRIPT.format(text=page.prompt, place=page.look.place, off=list(page.off),
                         layer=page.layer, word=page.target)
