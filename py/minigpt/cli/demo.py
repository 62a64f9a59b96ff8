"""`minigpt demo`: one sentence from text to tokens to attention to the next word, in the terminal."""

import math
import textwrap
import time
from functools import partial

import numpy as np

from minigpt import shipped
from minigpt.cli.streaming import write_stream
from minigpt.cli.terminal import Paragraph, bar, bold, dim
from minigpt.errors import TextError
from minigpt.inference import generate, next_token_distribution
from minigpt.locale import decimal, sentence
from minigpt.nn import Trace

CANDIDATES = 8
SHOWN_TOKENS = 24  # as many as fit an 80-column terminal in a few lines


def add_arguments(parser, say):
    parser.add_argument('--prompt', default=None, help=say('cli.demo.prompt'))
    parser.add_argument('--seed', type=int, default=7, help=say('cli.generate.seed'))


def run(args) -> None:
    checkpoint = shipped.load()
    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    say = partial(sentence, args.lang)
    prompt = args.prompt if args.prompt is not None else say('cli.demo.default_prompt')
    ids = tokenizer.encode(prompt)
    if not ids:
        raise TextError('empty_prompt')
    number = partial(decimal, lang=args.lang)
    show_tokens(prompt, ids, tokenizer, say, number)
    trace = Trace()
    logits = model.forward(np.array([ids]), trace=trace)[0, -1]
    show_attention(ids, tokenizer, trace, say, number)
    show_next_word(logits, tokenizer, say, number)
    show_generation(model, prompt, ids, tokenizer, args.seed, say, number)


def visible(tokenizer, token_id: int) -> str:
    """A token as one can see it: its spaces as · and its line ends as ⏎."""
    text = tokenizer.token_bytes(token_id).decode('utf-8', errors='replace')
    return text.replace(' ', '·').replace('\n', '⏎')


def heading(number: int, title: str, explanation: str) -> None:
    print(f'\n{bold(f"{number}. {title}")}\n{textwrap.fill(explanation, 78)}\n')


def tell(text: str) -> None:
    print('\n' + textwrap.fill(text, 78))


def show_tokens(prompt: str, ids: list[int], tokenizer, say, number) -> None:
    heading(1, say('cli.demo.tokens'), say('cli.demo.tokens_about'))
    print(f'  {prompt}\n')
    for line in textwrap.wrap(' '.join(f'[{visible(tokenizer, i)}]' for i in ids), 76):
        print(f'  {line}')
    for line in textwrap.wrap(' '.join(map(str, ids)), 76):
        print(dim(f'  {line}'))
    n_bytes = len(prompt.encode('utf-8'))
    tell(say('cli.demo.tokens_count', bytes=n_bytes, tokens=len(ids),
                     ratio=number(n_bytes / len(ids), 1)))


def show_attention(ids: list[int], tokenizer, trace: Trace, say, number) -> None:
    """The head in which the last token looks hardest at one other token; its sum written out."""
    heading(2, say('cli.demo.attention'), say('cli.demo.attention_about'))
    layers = [name for name in trace if name.endswith('attn.weights')]
    rows = np.stack([trace[name][0, :, -1] for name in layers])  # (L, H, S), of the last token
    others = rows[:, :, 1:-1] if len(ids) > 2 else rows  # the first token and itself are easy
    layer, head, _ = np.unravel_index(others.argmax(), others.shape)
    weights = rows[layer, head]
    print('  ' + say('cli.demo.attention_head', layer=layer + 1, head=head + 1,
                     token=visible(tokenizer, ids[-1])) + '\n')
    first = max(0, len(ids) - SHOWN_TOKENS)
    width = max(len(visible(tokenizer, i)) for i in ids[first:])
    for i, weight in zip(ids[first:], weights[first:], strict=True):
        print(f'  {visible(tokenizer, i):>{width}} {bar(weight, 30)} {number(100 * weight, 1):>5} %')
    most = int(weights.argmax())
    q = trace[f'h.{layer}.attn.q'][0, head, -1]
    k = trace[f'h.{layer}.attn.k'][0, head, most]
    tell(say('cli.demo.attention_sum', token=visible(tokenizer, ids[most]),
                     dot=number(float(q @ k), 2), width=len(q),
                     score=number(float(q @ k) / math.sqrt(len(q)), 2),
                     weight=number(100 * weights[most], 1)))


def show_next_word(logits: np.ndarray, tokenizer, say, number) -> None:
    heading(3, say('cli.demo.next'), say('cli.demo.next_about', vocabulary=tokenizer.vocab_size))
    probs = next_token_distribution(logits).model_probs
    best = np.argsort(-probs)[:CANDIDATES]
    width = max(len(visible(tokenizer, i)) for i in best)
    for i in best:
        print(f'  {visible(tokenizer, i):>{width}} {bar(probs[i], 30)} '
              f'{number(100 * probs[i], 1):>5} %   logit {number(float(logits[i]), 2)}')
    rest = 100 * (1 - probs[best].sum())
    tell(say('cli.demo.next_rest', others=len(probs) - CANDIDATES, rest=number(rest, 1)))


def show_generation(model, prompt, ids, tokenizer, seed: int, say, number) -> None:
    heading(4, say('cli.demo.generation'), say('cli.demo.generation_about', seed=seed))
    paragraph = Paragraph()
    paragraph.write(prompt)
    events = generate(model, ids, max_new_tokens=80, temperature=0.8, top_p=0.95,
                      rng=np.random.default_rng(seed), stop_ids=[tokenizer.end_of_text])
    started = time.perf_counter()
    n = write_stream(events, tokenizer, paragraph.write)
    paragraph.close()
    speed = number(n / (time.perf_counter() - started), 0)
    tell(say('cli.demo.generation_speed', tokens=n, speed=speed))
