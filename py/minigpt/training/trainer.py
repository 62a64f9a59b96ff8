"""Training: batch → loss and gradients → clip → AdamW, told as a stream of events."""

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from minigpt.backend.memory import keep_freed_memory
from minigpt.errors import ConfigError, TextError, TrainingError
from minigpt.nn.model import GPT
from minigpt.training.dataset import consecutive_batches, random_batch
from minigpt.training.optimizer import AdamW, clip
from minigpt.training.schedule import warmup_cosine

Array = np.ndarray


@dataclass(frozen=True)
class TrainConfig:
    """What one run does. Learning rates are per step; `eval_every` and `warmup` count steps."""
    steps: int = 1000
    batch_size: int = 16
    learning_rate: float = 1e-3
    min_learning_rate: float = 1e-4
    warmup: int = 100
    weight_decay: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.99
    max_grad_norm: float = 1.0
    eval_every: int = 250
    eval_batches: int = 20
    seed: int = 1

    def __post_init__(self):
        for name in ('steps', 'batch_size', 'eval_every', 'eval_batches'):
            if getattr(self, name) < 1:
                raise ConfigError('not_positive', name=name, got=getattr(self, name))
        if not 0 < self.learning_rate < math.inf:
            raise ConfigError('bad_learning_rate', got=self.learning_rate)

    def to_dict(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class TrainStep:
    """One update happened. `loss` is of the batch before it, in nats per token."""
    step: int  # 1 is the first
    loss: float
    learning_rate: float
    grad_norm: float
    seconds: float
    tokens_per_second: float


@dataclass(frozen=True)
class Evaluation:
    """The loss on held-out text after `step` updates, in nats per token."""
    step: int
    validation_loss: float
    is_best: bool


class TrainState:
    """All that a run needs to go on exactly where it stopped: optimizer and random generator."""

    def __init__(self, model: GPT, config: TrainConfig):
        self.optimizer = AdamW(model.shapes, model.flat.size, model.flat.dtype,
                               beta1=config.beta1, beta2=config.beta2,
                               weight_decay=config.weight_decay)
        self.rng = np.random.default_rng(config.seed)
        self.best_validation_loss = math.inf

    @property
    def step(self) -> int:
        return self.optimizer.steps


def train(model: GPT, data: Array, config: TrainConfig, *, validation: Array | None = None,
          state: TrainState | None = None) -> Iterator[TrainStep | Evaluation]:
    """Train the model in place on ids (N,); yield a TrainStep per update, Evaluations between.

    `state` (updated in place) continues an earlier run. Closing the generator stops after a whole
    step. Raises TextError if a text is shorter than the context, and TrainingError when the loss
    or a gradient is no longer a number; the model then still holds its last good weights.
    """
    keep_freed_memory()
    T = model.config.block_size
    for ids in (data, validation):
        if ids is not None and len(ids) < T + 1:
            raise TextError('text_too_short', got=len(ids), need=T + 1)
    return _steps(model, data, config, validation, state or TrainState(model, config))


def _steps(model, data, config, validation, state):
    while state.step < config.steps:
        yield one_step(model, data, config, state)
        due = state.step % config.eval_every == 0 or state.step == config.steps
        if validation is not None and due:
            loss = mean_loss(model, validation, config.batch_size, config.eval_batches)
            is_best = loss < state.best_validation_loss
            state.best_validation_loss = min(loss, state.best_validation_loss)
            yield Evaluation(state.step, loss, is_best)


def one_step(model: GPT, data: Array, config: TrainConfig, state: TrainState) -> TrainStep:
    """Draw a batch, compute gradients, apply them."""
    started = time.perf_counter()
    inputs, targets = random_batch(data, config.batch_size, model.config.block_size, state.rng)
    loss, grads = model.loss_and_grads(inputs, targets)
    grad_norm = clip(grads.flat, config.max_grad_norm)
    if not math.isfinite(loss) or not math.isfinite(grad_norm):
        raise TrainingError('not_a_number', step=state.step + 1)
    learning_rate = warmup_cosine(state.step, peak=config.learning_rate, warmup=config.warmup,
                                  total=config.steps, floor=config.min_learning_rate)
    state.optimizer.step(model.flat, grads.flat, learning_rate)
    seconds = time.perf_counter() - started
    return TrainStep(state.step, loss, learning_rate, grad_norm, seconds, inputs.size / seconds)


def mean_loss(model: GPT, ids: Array, batch_size: int, max_batches: int | None = None) -> float:
    """Mean loss over consecutive stretches of `ids`, at most `max_batches` of them, evenly spread."""
    batches = list(consecutive_batches(ids, batch_size, model.config.block_size))
    if max_batches is not None and len(batches) > max_batches:
        chosen = np.linspace(0, len(batches) - 1, max_batches).round().astype(int)
        batches = [batches[i] for i in chosen]
    total = sum(model.loss(inputs, targets) * inputs.size for inputs, targets in batches)
    return total / sum(inputs.size for inputs, _ in batches)
