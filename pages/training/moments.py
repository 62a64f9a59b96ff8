"""States of a run to which one can go back, with all that the next update needs."""

import copy
from dataclasses import dataclass

import numpy as np

from minigpt.training import Checkpoint, TrainState

MOST = 8               # states
ROOM = 60_000_000      # numbers in all: 240 MB


@dataclass(frozen=True)
class Moment:
    """The weights (P,) after `step` updates, and the state of the optimizer and of chance."""
    step: int
    flat: np.ndarray
    state: TrainState

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> 'Moment':
        state = copied(checkpoint.train_state)
        return cls(state.step, checkpoint.model.flat.copy(), state)

    def put_back(self, checkpoint: Checkpoint) -> None:
        """The checkpoint's model and state become what they were."""
        checkpoint.model.flat[...] = self.flat
        checkpoint.train_state = copied(self.state)


def copied(state: TrainState) -> TrainState:
    """The same state in vectors and a generator of its own."""
    found = copy.copy(state)
    found.rng = copy.deepcopy(state.rng)
    found.optimizer = copy.copy(state.optimizer)
    found.optimizer.memory = {name: vector.copy()
                              for name, vector in state.optimizer.memory.items()}
    return found


class Moments:
    """At most MOST moments, in the order of training: the first, the last, and some between."""

    def __init__(self):
        self.kept: list[Moment] = []

    def add(self, moment: Moment) -> None:
        self.cut(moment.step - 1)
        self.kept.append(moment)
        size = moment.flat.size * (1 + len(moment.state.optimizer.memory))
        while len(self.kept) > max(2, min(MOST, ROOM // size)):
            del self.kept[self._least()]

    def _least(self) -> int:
        """The moment whose neighbours stand closest to each other."""
        steps = [it.step for it in self.kept]
        return min(range(1, len(steps) - 1), key=lambda i: steps[i + 1] - steps[i - 1])

    def cut(self, step: int) -> None:
        """Forget the moments after that update."""
        self.kept = [it for it in self.kept if it.step <= step]

    def at(self, step: int) -> Moment | None:
        return next((it for it in self.kept if it.step == step), None)
