"""How a model came to be: a few of its states, evenly spread over a run of any length.

    offered   0 1 2 3 4 5 6 7 8 …       at most 4 kept:
    kept      0 1 2 3                   every one
              0   2   4   6             the fifth one doubles the spacing
              0       4       8     12  and so does each that would be one too many

The first state is always kept; the last one is the model itself.
"""

import numpy as np

Array = np.ndarray
MOST = 16
ROOM = 32_000_000  # weights in all: 64 MB
# Half the memory of float32, and 3 decimal digits of each weight: enough to look at.
DTYPE = np.float16


class Snapshots:
    """Takes the states of one run, and thins them."""

    def __init__(self, kept: tuple[tuple[int, Array], ...] = (), most: int = MOST):
        """`kept`: the snapshots of the run so far, when it is taken up again."""
        self.most = most
        self._kept = dict(kept)
        self._spacing = spacing_of(list(self._kept))
        self._thin()

    @property
    def kept(self) -> tuple[tuple[int, Array], ...]:
        """(updates, weights (P,) float16) in the order of training."""
        return tuple(self._kept.items())

    def offer(self, step: int, flat: Array) -> None:
        """The weights (P,) after `step` updates; copied if they are kept.

        A state is passed over when it holds a weight beyond float16's 65504: such a run has
        diverged. Of a model so large that fewer than two states fit into ROOM, none is kept.
        """
        if step % self._spacing or step in self._kept or ROOM < 2 * flat.size:
            return
        if not np.abs(flat).max() <= np.finfo(DTYPE).max:  # nor NaN
            return
        self._kept[step] = flat.astype(DTYPE)
        self.most = min(self.most, ROOM // flat.size)
        self._thin()

    def _thin(self) -> None:
        while len(self._kept) > self.most:
            self._spacing *= 2
            self._kept = {step: flat for step, flat in self._kept.items()
                          if step % self._spacing == 0}


def spacing_of(steps: list[int]) -> int:
    """How far apart the steps lie if that is the work of thinning: evenly, by a power of 2. Others
    were seldom offered, or are none: 1."""
    gap = max(1, max(steps, default=0) // max(1, len(steps) - 1))
    return gap if gap.bit_count() == 1 and steps == list(range(0, gap * len(steps), gap)) else 1
