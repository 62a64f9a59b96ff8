"""The gradient of one update, computed piece by piece: beside each other on several cores, or one
after the other with a look at the reader in between.

    batches ──cut──▶ pieces ──loss_and_grads, weighted──▶ sum: the gradient of the whole
"""

import math
import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from minigpt.backend.dispatch import device_of
from minigpt.nn.counts import training_flops
from minigpt.nn.model import GPT
from minigpt.training.beside import gradients, pieces_at_once
from minigpt.training.dataset import random_batch

Array = np.ndarray
SMALLEST_PIECE = 256  # tokens; less is not worth a thread


@dataclass(frozen=True)
class Piece:
    """A share of the coming update's text has been learnt from; `loss` is that of it so far."""
    share: float
    loss: float


def gradient(model: GPT, data: Array, config, rng: np.random.Generator) -> Generator:
    """A core that returns mean loss and gradient (P,) over `accumulate` random batches, and the
    seconds it computed.

    A gradient of a batch is the mean of the gradients of its parts: batches are cut into as many
    pieces as can be computed at once, or as `piece_flops` wants, with a Piece told in between.
    Closed there, it leaves the generator of chance as it was.
    """
    before, started = rng.bit_generator.state, time.perf_counter()
    pieces = batches_in_pieces(model, data, config, rng)
    share = config.accumulate * config.batch_size
    at_once = pieces_at_once(model, config.batch_size) if config.piece_flops else len(pieces)
    loss, total, learnt, seconds = 0, None, 0, 0.0
    for at in range(0, len(pieces), at_once):
        if learnt:
            seconds += time.perf_counter() - started
            try:
                yield Piece(learnt / share, float(loss) * share / learnt)
            except GeneratorExit:
                rng.bit_generator.state = before
                raise
            started = time.perf_counter()
        group = pieces[at:at + at_once]
        for its_loss, its_grad in gradients(model, group, share):
            loss = loss + its_loss
            if total is None:
                total = its_grad
            else:
                total += its_grad
        learnt += sum(len(inputs) for inputs, _, _ in group)
    return loss, total, seconds + time.perf_counter() - started


def batches_in_pieces(model: GPT, data: Array, config,
                      rng: np.random.Generator) -> list[tuple]:
    """The batches of an update: inputs and targets (b, T), a seed where the model has dropout."""
    found, at_once = [], pieces_at_once(model, config.batch_size)
    for _ in range(config.accumulate):
        inputs, targets = random_batch(data, config.batch_size, model.config.block_size, rng)
        n = min(at_once, inputs.size // SMALLEST_PIECE)
        if config.piece_flops and not device_of(model.flat):
            n = max(n, math.ceil(training_flops(model.config, len(inputs)) / config.piece_flops))
        if n > at_once:
            n += -n % at_once  # so that no core is idle in the last round
        n = max(1, min(n, len(inputs)))
        for piece in zip(np.array_split(inputs, n), np.array_split(targets, n), strict=True):
            seed = rng.integers(2 ** 63) if model.config.dropout else None
            found.append((*piece, seed))
    return found
