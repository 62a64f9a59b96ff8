"""Two tours: one sentence from text to tokens to attention to the next word, and the log's own."""

import math
import textwrap
import time
from functools import partial

import numpy as np

from minigpt.backend.clock import per
from minigpt.cli import terminal
from minigpt.cli.streaming import Paragraph, write_stream
from minigpt.inference import generate, next_token_distribution
from minigpt.locale import decimal, sentence
from minigpt.nn import Trace
from minigpt.teach import watch
from minigpt.teach.draw import bar
from minigpt.teach.draw import visible as seen
from minigpt.teach.figures import Name
from minigpt.teach.log import LEVELS, Event, listening
from minigpt.teach.material import checkpoint

CANDIDATES = 8
SHOWN_TOKENS = 24  # as many as fit an 80-column terminal in a few lines


def run(args, ids: list[int]) -> None:
    """The whole model, step by step."""
    model, tokenizer = checkpoint().model, checkpoint().tokenizer
    say, number = partial(sentence, args.lang), partial(decimal, lang=args.lang)
    show_tokens(args.prompt, ids, tokenizer, say, number)
    trace = Trace()
    logits = model.forward(np.array([ids]), trace=trace)[0, -1]
    show_attention(ids, tokenizer, trace, say, number)
    show_next_word(logits, tokenizer, say, number)
    show_generation(args.prompt, ids, tokenizer, args.seed, say, number)


def log_tour(args, ids: list[int]) -> None:
    """The same sentence read three times, told to three audiences."""
    say = partial(sentence, args.lang)
    terminal.heading(say('cli.demo.log_title'))
    for level in LEVELS:
        terminal.prose(say(f'cli.demo.log_{level}'))
        print()
        events = []
        with listening(events.append, level):
            watch.reading(checkpoint().model, checkpoint().tokenizer, args.prompt,
                          lambda ids: written(ids, args.seed, 3))
        for event in a_few(events, level):
            part = Name(event.part).in_language(args.lang)
            print(textwrap.fill(f'[{part}] {event.in_language(args.lang)}', 78,
                                initial_indent='  ', subsequent_indent='    '))


def a_few(events: list[Event], level: str, most: int = 6) -> list[Event]:
    """Of each kind of event that this audience hears and the one before does not, the first."""
    kinds = {'beginner': ('tokens', 'part', 'drawn'), 'detail': ('merge', 'tensor'),
             'numbers': ('ids', 'rivals')}[level]
    return [event for kind in kinds for event in [it for it in events if it.key == kind][:most]]


def written(ids: list[int], seed: int, max_new_tokens: int):
    """A stream of tokens that continue the ids."""
    return generate(checkpoint().model, ids, max_new_tokens=max_new_tokens, temperature=0.8,
                    top_p=0.95, rng=np.random.default_rng(seed),
                    stop_ids=[checkpoint().tokenizer.end_of_text])


def visible(tokenizer, token_id: int) -> str:
    """A token as one can see it."""
    return seen(tokenizer.token_bytes(token_id))


def heading(number: int, title: str, explanation: str) -> None:
    terminal.heading(f'{number}. {title}')
    print(f'{textwrap.fill(explanation, 78)}\n')


def tell(text: str) -> None:
    print('\n' + textwrap.fill(text, 78))


def show_tokens(prompt: str, ids: list[int], tokenizer, say, number) -> None:
    heading(1, say('cli.demo.tokens'), say('cli.demo.tokens_about'))
    print(f'  {prompt}\n')
    for line in textwrap.wrap(' '.join(f'[{visible(tokenizer, i)}]' for i in ids), 76):
        print(f'  {line}')
    for line in textwrap.wrap(' '.join(map(str, ids)), 76):
        print(terminal.dim(f'  {line}'))
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
        print(f'  {visible(tokenizer, i):>{width}} {bar(weight, 30)} '
              f'{number(100 * weight, 1):>5} %')
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


def show_generation(prompt, ids, tokenizer, seed: int, say, number) -> None:
    heading(4, say('cli.demo.generation'), say('cli.demo.generation_about', seed=seed))
    paragraph = Paragraph()
    paragraph.write(prompt)
    events = written(ids, seed, 80)
    started = time.perf_counter()
    n = write_stream(events, tokenizer, paragraph.write)
    paragraph.close()
    speed = number(per(n, time.perf_counter() - started), 0)
    tell(say('cli.demo.generation_speed', tokens=n, speed=speed))
