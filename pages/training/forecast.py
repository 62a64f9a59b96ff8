"""What a run will cost, before it begins: measured on this machine, for this very model."""

from dataclasses import dataclass

import numpy as np

from minigpt.backend.clock import seconds_of
from minigpt.nn import GPT, GPTConfig
from minigpt.nn.counts import memory, training_flops
from minigpt.nn.parameters import count, parameter_shapes
from minigpt.training import TrainConfig, TrainState
from pages.training.moments import MOST

AT_ONCE = 4e8            # operations that a measurement may take: some 30 ms in a browser
LARGEST = 1_200_000_000  # bytes; a browser's tab has hardly more to give


@dataclass(frozen=True)
class Forecast:
    """Of a whole run; `seconds` without its evaluations and samples."""
    parameters: int
    bytes: int
    update: float  # seconds of one update

    def seconds(self, steps: int) -> float:
        return steps * self.update


def parameters(config: GPTConfig) -> int:
    """How many weights such a model has."""
    return count(parameter_shapes(config))


def bytes_needed(config: GPTConfig, batch_size: int) -> int:
    """What training holds at its peak, the states to come back to included."""
    needed = memory(config, batch_size)
    del needed['kv cache']
    return sum(needed.values()) + MOST * (needed['weights'] + needed['optimizer'])


def forecast(config: GPTConfig, train_config: TrainConfig) -> Forecast:
    """Take part of an update on a model of random weights, and scale its time to the whole."""
    rng = np.random.default_rng(0)
    model = GPT(config, rng)
    optimizer = TrainState(model, train_config).optimizer
    B, T = small_batch(config, train_config.batch_size)
    ids = rng.integers(0, config.vocab_size, (B, T))
    _, grads = model.loss_and_grads(ids, ids)
    seconds = [(seconds_of(lambda: model.loss_and_grads(ids, ids)),
                seconds_of(lambda: optimizer.step(model.flat, grads.flat, 1e-6)))
               for _ in range(3)]
    share = train_config.batch_size * config.block_size / (B * T)
    gradient, step = map(min, zip(*seconds))
    return Forecast(model.n_params, bytes_needed(config, train_config.batch_size),
                    train_config.accumulate * share * gradient + step)


def small_batch(config: GPTConfig, batch_size: int) -> tuple[int, int]:
    """A batch (B, T) that takes no longer than it should, of whole texts where it can be."""
    whole = training_flops(config, 1)
    if whole <= AT_ONCE:
        return min(batch_size, max(1, int(AT_ONCE / whole))), config.block_size
    return 1, max(4, int(config.block_size * AT_ONCE / whole))
