"""Reach into a forward pass: put another value in the place of a named intermediate.

    logits = model.forward(ids, change=without_head(2, 1, config))

A change is asked at every step by the step's full name, the one that a trace has
('h.2.attn.heads'), and gives back what goes on: the value itself, or another array of its shape. It
leaves the array it is given as it is. What comes after is computed from what it gave; a trace
records that.
"""

from collections.abc import Callable

import numpy as np

from minigpt.nn.config import GPTConfig

Array = np.ndarray
Change = Callable[[str, Array], Array]
MASKED = -np.inf


def together(*changes: Change) -> Change:
    """All of them, each taking what the one before it gave."""
    def change(name: str, value: Array) -> Array:
        for it in changes:
            value = it(name, value)
        return value
    return change


def without(part: str) -> Change:
    """Zeros in the place of what a part gives: 'h.0.mlp.out', 'h.1.attn.out'."""
    return lambda name, value: np.zeros_like(value) if name == part else value


def without_head(layer: int, head: int, config: GPTConfig) -> Change:
    """The head gives nothing: zeros in its D places of the joined heads (B, T, C)."""
    D = config.head_width

    def change(name: str, value: Array) -> Array:
        if name != f'h.{layer}.attn.heads':
            return value
        value = value.copy()
        value[..., head * D:(head + 1) * D] = 0
        return value
    return change


def forced(layer: int, head: int, query: int, key: int) -> Change:
    """The token at place `query` gives all of its attention, in this head, to the one at `key`."""
    def change(name: str, value: Array) -> Array:
        if name != f'h.{layer}.attn.weights':
            return value
        value = value.copy()
        value[:, head, query] = 0
        value[:, head, query, key] = 1
        return value
    return change


def cut(layer: int, head: int, query: int, key: int) -> Change:
    """The token at `query` does not see the one at `key` in this head; what it gave to it, the
    softmax shares out among the others. Where nobody else is seen, nothing changes.
    """
    def change(name: str, value: Array) -> Array:
        if name != f'h.{layer}.attn.scores':
            return value
        value = value.copy()
        seen = value[:, head, query]
        if np.isfinite(np.delete(seen, key, axis=-1)).any():
            seen[:, key] = MASKED
        return value
    return change


def tempered(temperature: float) -> Change:
    """Every score divided by a temperature above 0 before its softmax: below 1 attention grows
    sharper, above 1 more even.
    """
    return lambda name, value: value / temperature if name.endswith('.attn.scores') else value


def unmasked() -> Change:
    """Every token also sees those after it, which this model never met in training."""
    return lambda name, value: np.zeros_like(value) if name.endswith('.attn.mask') else value
