"""What the neurons of the MLPs answer to: where in a text each one is most active.

A neuron is one of the F numbers between the two layers of an MLP. What it responds to is learnt,
not chosen; the places where it fires most say more about it than its weights do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from minigpt.nn.model import GPT
from minigpt.nn.trace import Trace

Array = np.ndarray


@dataclass
class Firing:
    """For each neuron its strongest activations so far, largest first.

    values (L, F, k), −∞ where there were fewer; places (L, F, k), indices into `ids` (N,); `read`
    of these ids have been read.
    """
    ids: Array
    values: Array
    places: Array
    read: int = 0

    def of(self, layer: int, neuron: int) -> list[tuple[int, float]]:
        """(place, activation), largest first."""
        return [(int(place), float(value)) for place, value in
                zip(self.places[layer, neuron], self.values[layer, neuron]) if np.isfinite(value)]


def strongest_firing(model: GPT, ids: Array, k: int = 6) -> Iterator[Firing]:
    """Read the ids (N,) a context at a time, and yield what has been found after each.

    The first token of a context is left out: nothing stands before it, and what it sets off says
    so and little else.
    """
    config = model.config
    shape = (config.n_layer, config.mlp_width, k)
    firing = Firing(ids, np.full(shape, -np.inf, np.float32), np.zeros(shape, np.int64))
    for start in range(0, len(ids), config.block_size):
        trace = Trace()
        model.forward(ids[None, start:start + config.block_size], trace=trace)
        for layer in range(config.n_layer):
            active = trace[f'h.{layer}.mlp.active'][0, 1:]
            _merge(firing.values[layer], firing.places[layer], active.T, start + 1)
        firing.read = min(len(ids), start + config.block_size)
        yield firing


def _merge(values: Array, places: Array, active: Array, start: int) -> None:
    """Put those of `active` (F, T) that belong there among the k largest (F, k), in place."""
    k = values.shape[1]
    everything = np.concatenate([values, active], axis=1)
    where = np.concatenate([places, np.broadcast_to(start + np.arange(active.shape[1]),
                                                    active.shape)], axis=1)
    best = np.argpartition(-everything, k - 1, axis=1)[:, :k]
    order = np.take_along_axis(everything, best, axis=1).argsort(axis=1)[:, ::-1]
    best = np.take_along_axis(best, order, axis=1)
    values[...] = np.take_along_axis(everything, best, axis=1)
    places[...] = np.take_along_axis(where, best, axis=1)


def neuron_writes(model: GPT, layer: int) -> Array:
    """What each neuron adds to the stream for an activation of 1.   -> (F, C)"""
    return model.params[f'h.{layer}.mlp.c_proj.weight']
