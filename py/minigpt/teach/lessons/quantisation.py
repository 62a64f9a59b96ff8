"""Weights in 8, 4 or 2 bits: how much smaller, how much worse. First steps."""

import functools

import numpy as np

from minigpt.inference import perplexity
from minigpt.lab import shipped_corpus
from minigpt.nn import GPT
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint

LEVEL = 'advanced'
BITS = (8, 6, 5, 4, 3)
NAME = 'h.0.mlp.c_fc.weight'


def quantise(x: np.ndarray, bits: int, axis: int | None = None):
    """Whole numbers of `bits` bits and the scale(s) they stand for: x ≈ numbers · scale.

    One scale for all of x, or one for each row along `axis`.
    """
    levels = 2 ** (bits - 1) - 1
    largest = np.abs(x).max(axis=axis, keepdims=axis is not None)
    scale = np.where(largest > 0, largest, 1) / levels
    return np.round(x / scale).astype(np.int8), scale


def story():
    model = checkpoint().model
    x = model.params[NAME]
    numbers, scale = quantise(x, 8)
    yield Step('rounding', {'name': NAME, 'scale': float(scale)}, (Rows(
        [((float(a), 5), int(b), (float(b * scale), 5), (float(a - b * scale), 5))
         for a, b in zip(x[0, :5], numbers[0, :5])]),))
    yield Step('bits', {'parameters': model.n_params, 'floats': 4 * model.n_params / 1e6}, (Rows(
        [(bits, (bits * model.n_params / 8e6, 2), (error(x, bits), 4)) for bits in BITS]),))
    yield Step('rows', {'bits': 4, 'whole': error(x, 4), 'by_row': error(x, 4, axis=0)})
    exact = perplexity_with(None)
    yield Step('perplexity', {'exact': exact}, (Bars(
        [str(bits) for bits in BITS], [perplexity_with(bits) for bits in BITS], 2),))


def error(x: np.ndarray, bits: int, axis: int | None = None) -> float:
    """Root of the mean squared error, as a share of the weights' own size."""
    numbers, scale = quantise(x, bits, axis)
    return float(np.sqrt(((numbers * scale - x) ** 2).mean() / (x ** 2).mean()))


@functools.cache
def perplexity_with(bits: int | None) -> float:
    """Perplexity of the shipped model on a piece of its corpus, its matrices rounded to `bits`."""
    model, tokenizer = checkpoint().model, checkpoint().tokenizer
    rounded = GPT(model.config)
    rounded.flat[...] = model.flat
    for name, view in rounded.params.items():
        if bits and view.ndim == 2:
            numbers, scale = quantise(view, bits, axis=0)
            view[...] = numbers * scale
    return perplexity(rounded, tokenizer.encode(shipped_corpus()[:3000]))


def analysis():
    return Number(expected=32 / 4, tolerance=0.01)


def visualisation():
    exact, worse = perplexity_with(None), {str(bits): perplexity_with(bits) for bits in BITS}
    first = next((bits for bits, value in worse.items() if value > 1.05 * exact), str(BITS[-1]))
    return Choice(values={'exact': exact}, choices=tuple(worse), expected=first,
                  figures=(Bars(list(worse), list(worse.values()), 2),))


def comparison():
    x = checkpoint().model.params[NAME]
    errors = {'A': error(x, 4), 'B': error(x, 4, axis=0)}
    return Choice(choices=('A', 'B'), expected=min(errors, key=errors.get))


def implementation():
    rng = np.random.default_rng(0)
    return Code(code='def quantise(x, bits):\n    # return whole numbers, scale\n    ...\n',
                reference=lambda x, bits: [np.asarray(part, float) for part in quantise(x, bits)],
                cases=[(rng.normal(size=6), 8), (np.array([-1.0, 0.5, 1.0]), 4)])


def debugging():
    return BugHunt(file='teach/lessons/quantisation.py', right='levels = 2 ** (bits - 1) - 1\n',
                   wrong='levels = 2 ** bits - 1\n', judge=error_of_eight_bits, limit=0.01)


def error_of_eight_bits(module) -> float:
    """What rounding to 8 bits and back changes, as a share of the largest weight."""
    x = np.linspace(-2, 2, 101)
    numbers, scale = module.quantise(x, 8)
    return float(np.abs(numbers * scale - x).max() / 2)
