"""What a head looks at, in a word, and the measure that says so.

A pattern is a set of targets: for each token that looks (row), the tokens (columns) where the
pattern would have it look. Its measure is a share of attention:

    share    Σ of a row's weights on its targets, mean over the rows that have targets
    chance   the same for a head that spreads its attention evenly
    rows     how many rows these are means over: of two or three, any one strong look makes a share

Induction heads (Olsson et al. 2022) look at what followed the last time the present token was met.
A text seldom repeats enough to show it, so they are measured on random tokens read twice.
"""

from dataclasses import dataclass

import numpy as np

from minigpt.nn.model import GPT
from minigpt.nn.trace import Trace

Array = np.ndarray
FIRST_ROW = 2   # the two tokens before it have hardly anything to choose from
NAMED = 0.3     # the share from which a pattern counts as a head's habit…
TIMES = 2       # …if it is also so many times what chance gives…
FEWEST = 4      # …and was seen in so many rows


@dataclass(frozen=True)
class Measure:
    """A pattern's share of attention for each head, (L, H), its chance, and over how many rows."""
    share: Array
    chance: float
    rows: int

    def is_habit(self, layer: int, head: int) -> bool:
        return bool(self.rows >= FEWEST
                    and self.share[layer, head] >= max(NAMED, TIMES * self.chance))


def pattern_targets(ids) -> dict[str, Array]:
    """Pattern → targets (T, T) bool, for the ids (T,) of one text.

    previous   the token just before           first   the very first one
    itself     the token that looks            same    the same token, met earlier
    """
    ids = np.asarray(ids)
    T = len(ids)
    earlier = np.tri(T, k=-1, dtype=bool)
    return {'previous': np.eye(T, k=-1, dtype=bool), 'first': earlier & (np.arange(T) == 0),
            'itself': np.eye(T, dtype=bool), 'same': earlier & (ids[:, None] == ids)}


def measured(weights: Array, targets: Array) -> Measure | None:
    """The pattern's measure for weights (L, H, T, T); None where no row has a target.

    The weights are those of a pass whose future is hidden.
    """
    rows = np.flatnonzero(targets.any(axis=1))
    rows = rows[rows >= FIRST_ROW]
    if not rows.size:
        return None
    share = (weights[..., rows, :] * targets[rows]).sum(axis=-1).mean(axis=-1)
    return Measure(share, float((targets[rows].sum(axis=1) / (rows + 1)).mean()), rows.size)


def induction(model: GPT, rng: np.random.Generator, texts: int = 4,
              length: int | None = None) -> Measure | None:
    """How much of its attention, on `length` random tokens read twice, each token gives to the one
    that followed it the first time. Default: half a context, at most 256. None for a context below 4.
    """
    length = min(256, model.config.block_size // 2) if length is None else length
    if length < 2:
        return None
    once = rng.integers(0, model.config.vocab_size, (texts, length))
    trace = Trace()
    model.forward(np.concatenate([once, once], axis=1), trace=trace)
    rows = np.arange(length, 2 * length)
    share = [trace[f'h.{layer}.attn.weights'][:, :, rows, rows - length + 1].mean(axis=(0, 2))
             for layer in range(model.config.n_layer)]
    return Measure(np.array(share), float((1 / (rows + 1)).mean()), texts * length)


def heads_weights(trace: Trace, n_layer: int) -> Array:
    """The weights of every head for the first text of a traced pass.   -> (L, H, T, S)"""
    return np.stack([trace[f'h.{layer}.attn.weights'][0] for layer in range(n_layer)])
