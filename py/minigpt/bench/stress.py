"""Stress: the same work under loads that grow, and how its time grows with them.

The exponent e of time ~ load^e, fitted on logarithms, tells what scales: 1 is proportional, 2
quadratic. Attention's share of a forward pass grows with the square of the text's length.
"""

import math
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from minigpt.bench.chunk_rows import chunked
from minigpt.bench.contest import Contest
from minigpt.nn import GPT, GPTConfig
from minigpt.tokenizer import BPETokenizer

LOADS = {'characters': (10_000, 100_000, 1_000_000), 'context': (64, 256, 1024)}


def stress_rows() -> Iterator[tuple]:
    """Name and row function: encoding, chunking and a forward pass, each at three loads."""
    for load in LOADS['characters']:
        yield f'stress-encode-{load}', documented(encode, load)
    for load in LOADS['characters']:
        yield f'stress-chunk-{load}', documented(semantic, load)
    for load in LOADS['context']:
        yield f'stress-forward-{load}', documented(forward, load)


def documented(row, load: int):
    found = partial(row, load=load)
    found.__doc__ = f'{row.__doc__} Load: {load:,}.'
    return found


def encode(text: str, load: int) -> Contest:
    """A text by a tokenizer that has met no word of it."""
    saved = BPETokenizer.train(text[:100_000], 600).to_json()
    long = repeated(text, load)
    return Contest({'minigpt': lambda: BPETokenizer.from_json(saved).encode(long)},
                   {'characters': load})


def semantic(text: str, load: int) -> Contest:
    """A text in chunks of one topic."""
    return chunked(repeated(text, load), 'semantic', 512, 0.1)


def repeated(text: str, length: int) -> str:
    """So many characters of the text, again from its start where it is too short."""
    return (text * (length // len(text) + 1))[:length]


def forward(text: str, load: int) -> Contest:
    """Logits of a text of so many tokens: 4 layers, 128 wide."""
    config = GPTConfig(vocab_size=1000, block_size=load)
    model, ids = GPT(config, np.random.default_rng(0)), np.ones((1, load), int)
    return Contest({'minigpt': lambda: model.forward(ids)}, {'tokens': load})


def exponents(rows: Sequence[dict]) -> dict[str, float]:
    """Of measured stress rows: work → e, by least squares on the logarithms of the quickest runs,
    since noise only ever adds time."""
    points: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row['row'].startswith('stress-'):
            _, work, load = row['row'].split('-')
            quickest = min(row['runs']['minigpt'])
            points.setdefault(work, []).append((math.log(int(load)), math.log(quickest)))
    return {work: float(np.polyfit(*zip(*found), 1)[0])
            for work, found in points.items() if len(found) > 1}
