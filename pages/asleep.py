"""What can be computed again is not kept in the memory that the site starts from.

A trace of a forward pass, say, is mostly random bits, which no compressor makes smaller.
"""

import functools
import weakref

import numpy as np

_owners: weakref.WeakValueDictionary[int, object] = weakref.WeakValueDictionary()
_folded: list[tuple[np.ndarray, np.ndarray]] = []  # what is zeros now, and its float16


class forgettable(functools.cached_property):  # noqa: N801
    """A cached property that `forget` drops: asked for again, it is computed anew."""

    def __get__(self, owner, kind=None):
        if owner is not None:
            _owners[id(owner)] = owner
        return super().__get__(owner, kind)


def forget() -> None:
    """Drop what every such property holds."""
    for owner in list(_owners.values()):
        for name in [*vars(owner)]:
            if isinstance(getattr(type(owner), name, None), forgettable):
                del vars(owner)[name]


def fold(weights: np.ndarray) -> None:
    """Leave zeros where these float32 were until `unfold`, which has them from float16: for weights
    that were read from such a file.
    """
    half = weights.astype(np.float16)
    if np.array_equal(half, weights):
        _folded.append((weights, half))
        weights[...] = 0


def unfold() -> None:
    """Put back what was folded."""
    while _folded:
        weights, half = _folded.pop()
        weights[...] = half
