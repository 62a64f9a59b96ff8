"""One update taken apart: the batch, the way forward, the loss, the way back, the change.

    ids ──▶ embed ──▶ block 1 ──▶ … ──▶ ln_f ──▶ logits ──▶ loss
                 ◀── d.resid_pre ◀── … ◀── d.ln_f ◀── d.logits ◀──┘
"""

import math
from dataclasses import dataclass

import numpy as np

from minigpt.errors import TrainingError
from minigpt.nn.loss import surprises
from minigpt.nn.model import GPT
from minigpt.nn.ops import softmax_forward
from minigpt.nn.parameters import NamedViews
from minigpt.nn.trace import Trace
from minigpt.training.dataset import random_batch
from minigpt.training.optimizer import clip
from minigpt.training.train_config import TrainConfig
from minigpt.training.trainer import TrainState
from minigpt.training.vitals import PartVitals

Array = np.ndarray


@dataclass(frozen=True)
class Station:
    """A place on the way. `stream`: mean length of the vectors that leave it, (C,), or of the
    scores, (V,); `adds`: of what it puts into the stream; `back`: length of the loss's gradient
    where they leave it; `sends`: of what the part itself sends back to the stream before it. None
    where there is no such thing.
    """
    name: str                  # 'embed', 'h.0.attn', 'h.0.mlp', …, 'ln_f', 'logits'
    stream: float
    adds: float | None
    back: float | None
    sends: float | None
    weights: PartVitals | None  # its parameters: gradient, size, change


@dataclass(frozen=True)
class Anatomy:
    """An update that a model has before it: the model itself stays as it is, its weights would be
    `after` (P,)."""
    inputs: Array              # (B, T) ids
    targets: Array             # (B, T)
    losses: Array              # (B, T) nats
    stations: list[Station]
    loss: float                # mean of the batch, before…
    loss_after: float          # …and of the same batch after the update
    grad_norm: float           # before clipping
    learning_rate: float
    gradient: Array            # (P,) after clipping
    after: Array


def anatomy(model: GPT, data: Array, config: TrainConfig, state: TrainState,
            most: int | None = None) -> Anatomy:
    """The next update of a run, its `accumulate` batches as one: their gradient is the same.

    Of more than `most` stretches of text only so many are taken, the first ones.
    The model stays as it is; `state` is moved on, so give a copy of one that is still needed.
    Dropout is left out, so that the same batch can be measured again afterwards.
    Raises TrainingError when the loss or a gradient is no longer a number.
    """
    batches = [random_batch(data, config.batch_size, model.config.block_size, state.rng)
               for _ in range(config.accumulate)]
    inputs, targets = (np.concatenate(it)[:most] for it in zip(*batches, strict=True))
    trace = Trace()
    loss, grads = model.loss_and_grads(inputs, targets, trace=trace)
    probs, _ = softmax_forward(trace['logits'])
    chosen = np.take_along_axis(probs, targets[..., None], axis=-1)[..., 0]
    losses = surprises(chosen)
    whole = NamedViews(grads.flat.copy(), model.shapes)
    grad_norm = float(clip(grads.flat, config.max_grad_norm))
    if not math.isfinite(loss) or not math.isfinite(grad_norm):
        raise TrainingError('not_a_number', step=state.step + 1)
    rate = config.rate_at(state.step)
    moved = GPT(model.config, flat=model.flat.copy())
    state.optimizer.step(moved.flat, grads.flat, rate)
    return Anatomy(inputs, targets, losses, stations(model, moved, trace, whole), loss,
                   moved.loss(inputs, targets), grad_norm, rate, grads.flat, moved.flat)


def stations(model: GPT, moved: GPT, trace: Trace, grads) -> list[Station]:
    """The places in the order of the data; `grads` are those before clipping."""
    def mean_length(name: str) -> float:
        return float(np.linalg.norm(trace[name], axis=-1).mean())

    def length(name: str) -> float | None:
        return float(np.linalg.norm(trace[name])) if name in trace else None

    def parameters(*beginnings: str) -> PartVitals:
        names = [name for name in model.params if name.startswith(beginnings)]
        return PartVitals(*(joint_length(views[name] for name in names)
                            for views in (grads, model.params)),
                          joint_length(moved.params[name] - model.params[name] for name in names))

    found = [Station('embed', mean_length('embed'), mean_length('embed'), length('h.0.d.resid_pre'),
                     None, parameters('wte', 'wpe'))]
    for layer in range(model.config.n_layer):
        at = f'h.{layer}.'
        found += [
            Station(f'{at}attn', mean_length(f'{at}resid_mid'), mean_length(f'{at}attn.out'),
                    length(f'{at}d.resid_mid'), length(f'{at}d.attn'),
                    parameters(f'{at}ln_1', f'{at}attn')),
            Station(f'{at}mlp', mean_length(f'{at}resid_post'), mean_length(f'{at}mlp.out'),
                    length(f'h.{layer + 1}.d.resid_pre' if layer + 1 < model.config.n_layer
                           else 'd.ln_f'), length(f'{at}d.mlp'),
                    parameters(f'{at}ln_2', f'{at}mlp'))]
    return found + [
        Station('ln_f', mean_length('ln_f'), None, length('d.ln_f'), None, parameters('ln_f')),
        Station('logits', mean_length('logits'), None, length('d.logits'), None,
                None if model.config.tied_head else parameters('lm_head'))]


def joint_length(vectors) -> float:
    """The Euclidean norm of all numbers together."""
    return math.sqrt(sum(float(np.dot(it.ravel(), it.ravel())) for it in vectors))
