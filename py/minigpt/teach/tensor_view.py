"""A tensor at a glance: its shape, its statistics, its picture."""

from dataclasses import asdict, dataclass

import numpy as np

from minigpt.teach.figures import Heat


@dataclass(frozen=True)
class TensorSummary:
    """Statistics of the finite values of one array; `bad` counts the others (NaN, ∞)."""
    name: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    mean: float
    std: float
    smallest: float
    largest: float
    zeros: float  # share, 0–1
    bad: int

    def to_dict(self) -> dict:
        """Ready for JSON."""
        return asdict(self)


def summary(name: str, tensor: np.ndarray) -> TensorSummary:
    """Look at an array of numbers; an empty one, or one without a finite value, has zeros."""
    finite = tensor[np.isfinite(tensor)].astype(np.float64)
    some = finite if finite.size else np.zeros(1)
    return TensorSummary(name, tensor.shape, str(tensor.dtype), tensor.nbytes, float(some.mean()),
                         float(some.std()), float(some.min()), float(some.max()),
                         float((some == 0).mean()), int(tensor.size - finite.size))


def picture(tensor: np.ndarray, rows=(), columns=()) -> Heat:
    """A tensor as one matrix: of its leading dimensions the first, all of the last two.

    (…, R, N) -> (R, N); a vector is one row.
    """
    while tensor.ndim > 2:
        tensor = tensor[0]
    return Heat(np.atleast_2d(tensor), rows, columns)


def attention_map(weights: np.ndarray, tokens: list[str], most: int = 24) -> Heat:
    """Attention weights (T, S) with the tokens as labels; of a long text the last `most`."""
    first = max(0, len(tokens) - most)
    return Heat(weights[first:, first:], tokens[first:], tokens[first:])
