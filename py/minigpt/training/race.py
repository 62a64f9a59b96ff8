"""Optimizers side by side: the same first weights, the same batches, different steps."""

import copy
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from minigpt.errors import TrainingError
from minigpt.nn.model import GPT
from minigpt.training.train_config import TrainConfig
from minigpt.training.trainer import TrainState, TrainStep, train

Array = np.ndarray


def race(model: GPT, data: Array, config: TrainConfig,
         runners: dict[str, float]) -> Iterator[tuple[str, TrainStep | TrainingError]]:
    """Let each optimizer of `runners` (name → learning rate) train a copy of the model, in turns.

    Yields whose update it was, and the update; a TrainingError in its place means that this one
    has broken down and is out. The model itself stays as it is. Raises TextError for a text
    shorter than the context.
    """
    lanes = {}
    for name, rate in runners.items():
        own = replace(config, optimizer=name).at_rate(rate)
        twin = GPT(model.config, flat=copy.copy(model.flat))
        # A fresh generator of the run's seed: every lane draws the same batches.
        lanes[name] = iter(train(twin, data, own, state=TrainState(twin, own)))
    while lanes:
        for name in list(lanes):
            try:
                yield name, next(lanes[name])
            except StopIteration:
                del lanes[name]
            except TrainingError as error:
                del lanes[name]
                yield name, error
