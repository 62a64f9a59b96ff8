"""The gradient of one update, computed piece by piece: beside each other on several cores, or one
after the other with a look at the reader in between.

    batches ──cut──▶ pieces ──loss_and_grads, weighted──▶ sum: the gradient of the whole
"""

import math
import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from minigpt.backend import threads
from minigpt.backend.dispatch import device_of
from minigpt.nn.counts import training_flops
from minigpt.nn.model import GPT
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
    at_once = pieces_at_once(model) if config.piece_flops else len(pieces)
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
        for its_loss, its_grad in threads.run_all(
                lambda piece: weighted_gradient(model, piece, share), group):
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
    found = []
    for _ in range(config.accumulate):
        inputs, targets = random_batch(data, config.batch_size, model.config.block_size, rng)
        n = min(pieces_at_once(model), inputs.size // SMALLEST_PIECE)
        if config.piece_flops and not device_of(model.flat):
            n = max(n, math.ceil(training_flops(model.config, len(inputs)) / config.piece_flops))
        n = max(1, min(n, len(inputs)))
        for piece in zip(np.array_split(inputs, n), np.array_split(targets, n), strict=True):
            seed = rng.integers(2 ** 63) if model.config.dropout else None
            found.append((*piece, seed))
    return found


def weighted_gradient(model: GPT, piece: tuple, share: int) -> tuple[float, Array]:
    """Loss and gradient (P,) of a piece, weighted by its part of `share` stretches of text."""
    inputs, targets, seed = piece
    dropout_rng = None if seed is None else np.random.default_rng(seed)
    loss, grads = model.loss_and_grads(inputs, targets, dropout_rng=dropout_rng)
    if len(inputs) < share:
        grads.flat *= len(inputs) / share
    return loss * len(inputs) / share, grads.flat


def pieces_at_once(model: GPT) -> int:
    """How many parts of a batch are computed beside each other: a device takes it whole."""
    return 1 if device_of(model.flat) else threads.workers()
