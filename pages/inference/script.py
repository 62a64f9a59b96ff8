"""The inference page's view as Python: the same text, and the table of the token looked at."""

from itertools import groupby

IMPORTS = ('from minigpt.inference import next_token_distribution',
           'from minigpt.inference.generate import next_logits',
           'from minigpt.inference.sampling import draw')
SCRIPT = '''
{imports}

PROMPT = {prompt!r}
SEED = {seed}
RUNS = {runs}  # how many tokens were written with which settings
PICKS = {picks}  # written position → token chosen instead of the drawn one
SHOWN = {shown}  # the written position whose candidates are listed
SETTINGS = {settings}  # of that list
ROWS = {rows}

lab = load_lab()
rng = np.random.default_rng(SEED)
window = lab.tokenizer.encode(PROMPT)
ids = list(window)
steps = next_logits(lab.model, window)
seen = []  # the logits (V,) behind each token
for settings in [settings for count, settings in RUNS for _ in range(count)]:
    _, logits, _ = next(steps)
    seen.append(logits.copy())
    probs = next_token_distribution(logits, **settings).probs
    drawn = draw(probs, rng)  # drawn also where a choice takes its place
    token_id = PICKS.get(len(seen) - 1, drawn)
    window.append(token_id)
    ids.append(token_id)
    print(f'{{len(seen):4}}  {{lab.tokenizer.decode([token_id])!r:16}} {{probs[token_id]:.6f}}')
seen.append(next(steps)[1].copy())
print(lab.tokenizer.decode(ids))

distribution = next_token_distribution(seen[SHOWN], **SETTINGS)
print('token, logit, share of the whole vocabulary, probability after the cut')
for i in np.argsort(-distribution.logits, kind='stable')[:ROWS]:
    print(f'{{lab.tokenizer.decode([int(i)])!r:16}} {{distribution.logits[i]:9.4f}} '
          f'{{distribution.tempered_probs[i]:.6f}} {{distribution.probs[i]:.6f}}')
'''


def inference_script(page) -> str:
    """The script for what the page shows now; empty while there is no text."""
    if not page.text:
        return ''
    runs = [(len(list(run)), vars(sampling))
            for sampling, run in groupby(it.sampling for it in page.text.written)]
    imports = sorted({*IMPORTS, *(line for it in page.opened for line in it.imports)})
    own = SCRIPT.format(
        imports='\n'.join(['import numpy as np', '', *imports]), prompt=page.text_prompt,
        seed=page.text.seed, runs=runs, picks=page.text.picks, shown=page.shown,
        settings=vars(page.sampling), rows=page.rows)
    return '\n'.join([own.rstrip(), *(line for it in page.opened for line in it.script())])
