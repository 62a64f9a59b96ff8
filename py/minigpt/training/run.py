"""Where a training run computes: on the CPU, or on a device for as long as that holds.

On a device the model and its optimizer have a twin. Every few updates the twin is copied home, so
what the caller holds is always one whole step, if not the newest:

    update        1  2  3  4  5  6  7  8  9  10  11 ✕
    copied home                        8                the device is lost
    on the CPU                            9  10  11     again, from 8 on; then 12, 13, …

The batches of the repeated updates are the same ones, since the generator of random numbers was
copied home with the weights. So nothing that was told is lost, only time.
"""

import copy
from collections.abc import Callable, Generator
from dataclasses import dataclass

from minigpt.backend.absent import Absent
from minigpt.backend.devices import Device, device_for, fetch, give_up
from minigpt.backend.dispatch import on_cpu
from minigpt.nn.counts import training_flops
from minigpt.nn.model import GPT

COPY_EVERY = 8          # updates: at most so many less one are repeated
KERNELS_PER_LAYER = 70  # of an update, counted


@dataclass(frozen=True)
class Moved:
    """The device failed after `step` updates; from here on `backend` goes on."""
    step: int
    backend: str
    reason: Absent


class Run:
    """`model` and `state` are those that compute; the caller's are at home.

    `update(model, state)` makes the core (see waiting.py) of one update.
    """

    def __init__(self, model: GPT, state, update: Callable[[GPT, object], Generator]):
        self._home = self.model, self.state = model, state
        self.update = update
        self._device: Device | None = None

    def begin(self, batch_size: int) -> Generator:
        """A core: move to the device that is fastest for such batches, if one is."""
        model, state = self._home
        self._device = yield from device_for(training_flops(model.config, batch_size),
                                             KERNELS_PER_LAYER * model.config.n_layer)
        if self._device:
            yield from self.attempt(self._leave_home)

    def attempt(self, work: Callable[[GPT, object], Generator]) -> Generator:
        """A core that returns what the core `work(model, state)` returns. If the device fails, it
        yields `Moved`, repeats on the CPU what is not at home, and does the work there."""
        try:
            return (yield from work(self.model, self.state))
        except Exception as error:
            reason = give_up(self._device, error)
            reached = self.state.step
            self._device = None
            self.model, self.state = self._home
            yield Moved(reached, on_cpu(), reason)
        while self.state.step < reached:
            yield from self.update(self.model, self.state)
        return (yield from work(self.model, self.state))

    def copy_home(self) -> Generator:
        """A core: the caller's model and state become what the twin is."""
        if self._device:
            yield from self.attempt(self._copy_home)

    def _leave_home(self, model, state) -> Generator:
        if self._device:
            self.model = GPT(model.config, flat=self._device.put(model.flat))
            self.state = twin(state, self._device)
        yield from ()

    def _copy_home(self, model, state) -> Generator:
        home_model, home_state = self._home
        if state.step == home_state.step:
            return
        memory = state.optimizer.memory
        flat, *vectors = yield from fetch(model.flat, *memory.values())
        home_model.flat[...] = flat
        for name, vector in zip(memory, vectors, strict=True):
            home_state.optimizer.memory[name][...] = vector
        home_state.optimizer.steps = state.optimizer.steps
        home_state.rng.bit_generator.state = state.rng.bit_generator.state


def twin(state, device: Device):
    """The state of a run with its vectors on the device, and a generator of its own."""
    found = copy.copy(state)
    found.rng = copy.deepcopy(state.rng)
    found.optimizer = copy.copy(state.optimizer)
    found.optimizer.decay = device.put(state.optimizer.decay)
    found.optimizer.memory = {name: device.put(vector)
                              for name, vector in state.optimizer.memory.items()}
    return found
