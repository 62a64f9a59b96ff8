"""The portal's view as Python: what the cards show of the first token, then the whole text."""

SCRIPT = '''
import numpy as np

from minigpt.inference import next_token_distribution
from minigpt.inference.generate import next_logits
from minigpt.inference.sampling import draw
from minigpt.nn.trace import Trace

PROMPT = {prompt!r}
SEED = {seed}
LENGTH = {length}  # tokens written at most
SETTINGS = {settings}

lab = load_lab()
rng = np.random.default_rng(SEED)
window = lab.tokenizer.encode(PROMPT)[-lab.model.config.block_size:]
print('tokens', *[(i, lab.tokenizer.decode([i])) for i in window[-3:]])

trace = Trace()
lab.model.forward(np.array([window]), trace=trace)
print('the last token as a vector, its first numbers:', *trace['embed'][0, -1, :3])
for layer in range(lab.model.config.n_layer):
    norm = np.linalg.norm(trace[f'h.{{layer}}.resid_post'][0, -1])
    print(f'its norm after block {{layer + 1}}: {{norm:.2f}}')

steps = next_logits(lab.model, window)
written = []
while len(written) < LENGTH and lab.tokenizer.end_of_text not in written:
    _, logits, _ = next(steps)
    probs = next_token_distribution(logits, **SETTINGS).probs
    token_id = draw(probs, rng)
    if not written:
        for i in np.argsort(-logits, kind='stable')[:3]:
            print(f'{{lab.tokenizer.decode([int(i)])!r}}: logit {{logits[i]:.2f}}, '
                  f'probability {{100 * probs[i]:.1f}}%')
        print(f'drawn: {{lab.tokenizer.decode([token_id])!r}}, {{100 * probs[token_id]:.1f}}%')
    window.append(token_id)
    written.append(token_id)
print(PROMPT + lab.tokenizer.decode([i for i in written if i != lab.tokenizer.end_of_text]))
'''


def portal_script(page, length: int, settings: dict) -> str:
    """The script for what the page shows now."""
    return SCRIPT.format(prompt=page.prompt, seed=page.seed, length=length, settings=settings)
