"""The gradients of some pieces of text, computed beside each other: by the threads of this process,
or in the browser by this thread and its helpers.
"""

import contextlib
import functools

import numpy as np

from minigpt.backend import dispatch, threads
from minigpt.backend.helper_threads import Beside, Program, helpers
from minigpt.nn.config import GPTConfig
from minigpt.nn.loss import mean_loss
from minigpt.nn.model import GPT
from minigpt.nn.parameters import count, parameter_shapes

Array = np.ndarray
Piece = tuple  # inputs (b, T), targets (b, T), a seed where the model has dropout


def pieces_at_once(model: GPT, batch_size: int) -> int:
    """How many parts of a batch are computed beside each other: a device takes it whole."""
    if dispatch.device_of(model.flat):
        return 1
    at_once = min(1 + len(helpers()), batch_size)
    part = batch_size // at_once, model.config.block_size
    return at_once if program_for(model, part) else threads.workers()


def gradients(model: GPT, pieces: list[Piece], share: int) -> list[tuple[float, Array]]:
    """Loss and gradient (P,) of each piece, weighted by its part of `share` stretches of text."""
    if len(pieces) < 2 or not program_for(model, pieces[1][0].shape):
        return threads.run_all(lambda piece: weighted_gradient(model, piece, share), pieces)
    at_once = 1 + len(helpers())
    return [found for at in range(0, len(pieces), at_once)
            for found in gradients_of_group(model, pieces[at:at + at_once], share)]


def gradients_of_group(model: GPT, group: list[Piece], share: int) -> list[tuple[float, Array]]:
    """The same of as many as there are threads, the first by this one."""
    mine, *theirs = group
    with contextlib.ExitStack() as stack:
        besides = [stack.enter_context(beside(helper, model, piece, share))
                   for helper, piece in zip(helpers(), theirs)]
        found = [weighted_gradient(model, mine, share)]
        for (inputs, *_), its in zip(theirs, besides, strict=True):
            results = its.results()
            found.append(results and (mean_loss(results[0]) * len(inputs) / share, results[1]))
    return [it or weighted_gradient(model, piece, share)
            for it, piece in zip(found, group, strict=True)]


def beside(helper, model: GPT, piece: Piece, share: int) -> Beside:
    """A piece for a helper, who may not take it."""
    inputs, targets, _ = piece
    return Beside(helper, program_for(model, inputs.shape), [
        model.flat, model.checked(inputs), model.checked(targets),
        np.full(1, len(inputs) / share)])


def weighted_gradient(model: GPT, piece: Piece, share: int) -> tuple[float, Array]:
    """Loss and gradient (P,) of one piece, weighted in the same way."""
    inputs, targets, seed = piece
    dropout_rng = None if seed is None else np.random.default_rng(seed)
    loss, grads = model.loss_and_grads(inputs, targets, dropout_rng=dropout_rng)
    if len(inputs) < share:
        grads.flat *= len(inputs) / share
    return loss * len(inputs) / share, grads.flat


def program_for(model: GPT, shape: tuple[int, int]) -> Program | None:
    """What a helper is to do for a piece of this shape; None if there is none or it cannot."""
    if (model.config.dropout or model.flat.dtype != np.float32 or dispatch.current() != 'simd'
            or not helpers()):
        return None
    return _program(model.config, shape)


@functools.lru_cache(maxsize=8)
def _program(config: GPTConfig, shape: tuple[int, int]) -> Program | None:
    # Only where a helper may be: elsewhere there are no compiled kernels to plan with.
    from minigpt.backend.plan import CannotPlan, planned
    flat = np.zeros(count(parameter_shapes(config)), np.float32)
    inputs, targets, weight = np.zeros(shape, int), np.zeros(shape, int), np.zeros(1)

    def work(put):
        chosen, grads = GPT(config, flat=put(flat)).loss_and_grads(inputs, targets)
        grads.flat *= put(weight)
        return chosen, grads.flat

    try:
        return planned(work, [flat, inputs, targets, weight])
    except CannotPlan:
        return None
