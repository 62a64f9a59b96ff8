"""Training: batch → loss and gradients → clip → optimizer, told as a stream of events."""

import math
import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from minigpt.backend import threads
from minigpt.backend.clock import per
from minigpt.backend.devices import fetch
from minigpt.backend.dispatch import device_of
from minigpt.backend.memory import keep_freed_memory
from minigpt.backend.waiting import Steps, finish
from minigpt.errors import TextError, TrainingError
from minigpt.inference import generate
from minigpt.nn.model import GPT
from minigpt.training.dataset import consecutive_batches
from minigpt.training.optimizer import clip, make_optimizer
from minigpt.training.pieces import Piece, gradient
from minigpt.training.run import COPY_EVERY, Moved, Run
from minigpt.training.train_config import TrainConfig
from minigpt.training.vitals import Vitals, vitals

Array = np.ndarray


@dataclass(frozen=True)
class TrainStep:
    """One update happened. `loss` is of the batch before it, in nats per token.

    `tokens_per_second` is None where the clock, coarse in browsers, did not move meanwhile; the
    next time that it moves, the speed is that of all updates since.
    """
    step: int  # 1 is the first
    loss: float
    learning_rate: float
    grad_norm: float
    seconds: float
    tokens_per_second: float | None = None
    vitals: Vitals | None = None  # of the parts, when it was due


@dataclass(frozen=True)
class Evaluation:
    """The loss on held-out text after `step` updates, in nats per token."""
    step: int
    validation_loss: float
    is_best: bool


@dataclass(frozen=True)
class Sample:
    """What the model writes after `step` updates; `ids` begin with the prompt."""
    step: int
    ids: list[int]


Event = TrainStep | Piece | Evaluation | Sample | Moved


class TrainState:
    """All that a run needs to go on exactly where it stopped."""

    def __init__(self, model: GPT, config: TrainConfig):
        betas = ({'beta1': config.beta1, 'beta2': config.beta2}
                 if config.optimizer.startswith('adam') else {})
        self.optimizer = make_optimizer(config.optimizer, model.shapes, like=model.flat,
                                        weight_decay=config.weight_decay, **betas)
        self.rng = np.random.default_rng(config.seed)
        self.best_validation_loss = math.inf
        self.evaluations_since_best = 0
        self.tokens_untimed = 0  # learnt from since the clock moved last

    @property
    def step(self) -> int:
        return self.optimizer.steps

    def timed(self, tokens: int, seconds: float) -> float | None:
        """The speed of an update of so many tokens, see TrainStep."""
        self.tokens_untimed += tokens
        speed = per(self.tokens_untimed, seconds)
        if speed is not None:
            self.tokens_untimed = 0
        return speed

    def note(self, validation_loss: float) -> bool:
        """Take in an evaluation; True if it is the best so far."""
        is_best = validation_loss < self.best_validation_loss
        self.best_validation_loss = min(validation_loss, self.best_validation_loss)
        self.evaluations_since_best = 0 if is_best else self.evaluations_since_best + 1
        return is_best


def train(model: GPT, data: Array, config: TrainConfig, *, validation: Array | None = None,
          sample_prompt: list[int] | None = None,
          state: TrainState | None = None) -> Steps:
    """Train the model in place on ids (N,); yield a TrainStep per update.

    With `validation` ids an Evaluation follows every `eval_every` updates, with `sample_prompt`
    ids a Sample. `state` (updated in place) continues an earlier run. Closing the stream stops
    after a whole step. On a device (see backend/devices.py) the model and the state are brought up
    to date every few updates, before an Evaluation and at the end; if it fails, the CPU goes on
    and a Moved says so. The stream can be taken with `for` or `async for`.

    Raises TextError if ids are not one row or fewer than a context needs, and TrainingError when
    the loss, also that on held-out text, or a gradient is no longer a number. The model then has the
    weights that led there, so go on from a state of some updates before.
    """
    keep_freed_memory()
    T = model.config.block_size
    data = np.asarray(data)  # a list, as tokenizers give, is as good
    validation = None if validation is None else np.asarray(validation)
    for ids in (data, validation):
        if ids is None:
            continue
        if np.ndim(ids) != 1:
            raise TextError('not_one_row', shape=np.shape(ids))
        if len(ids) < T + 1:
            raise TextError('text_too_short', got=len(ids), need=T + 1)
    return Steps(_events(model, data, config, validation, sample_prompt,
                         state or TrainState(model, config)))


def _events(model, data, config, validation, sample_prompt, state):
    run = Run(model, state, lambda model, state: update(model, data, config, state))
    yield from run.begin(config.batch_size)
    try:
        while run.state.step < config.steps:
            event = yield from run.attempt(run.update)
            due = not event.step % config.eval_every or event.step == config.steps
            if due or not event.step % COPY_EVERY:
                yield from run.copy_home()
            yield event
            if due:
                yield from _looks(run, model, config, validation, sample_prompt, state)
            if due and config.patience and state.evaluations_since_best >= config.patience:
                return
    except (GeneratorExit, TrainingError):
        yield from run.copy_home()
        raise


def _looks(run, model, config, validation, sample_prompt, state):
    """How good the model has become."""
    if validation is not None:
        loss = yield from run.attempt(lambda model, _: evaluate(model, validation, config))
        if not math.isfinite(loss):
            raise TrainingError('not_a_number', step=state.step)
        yield Evaluation(state.step, loss, is_best=state.note(loss))
    if sample_prompt:
        yield Sample(state.step, write_on(model, sample_prompt, seed=state.step))


def one_step(model: GPT, data: Array, config: TrainConfig, state: TrainState) -> TrainStep:
    """Draw batches, compute gradients, apply them: one update, waiting in place."""
    return finish(update(model, data, config, state))


def update(model: GPT, data: Array, config: TrainConfig, state: TrainState) -> Generator:
    """The core of one_step, see waiting.py. It waits once: for loss and length together."""
    loss, grad, seconds = yield from gradient(model, data, config, state.rng)
    started = time.perf_counter() - seconds
    loss, grad_norm = map(float, (yield from fetch(loss, clip(grad, config.max_grad_norm))))
    if not math.isfinite(loss) or not math.isfinite(grad_norm):
        raise TrainingError('not_a_number', step=state.step + 1)
    rate = config.rate_at(state.step)
    watched = config.watch_every and not (state.step + 1) % config.watch_every
    before = model.flat.copy() if watched else None
    state.optimizer.step(model.flat, grad, rate)
    parts = None
    if watched:
        parts = vitals(model.shapes, *(yield from fetch(before, model.flat, grad)), grad_norm)
    seconds = time.perf_counter() - started
    tokens = config.accumulate * config.batch_size * model.config.block_size
    speed = state.timed(tokens, seconds)
    return TrainStep(state.step, loss, rate, grad_norm, seconds, speed, parts)


def write_on(model: GPT, prompt: list[int], seed: int, max_new_tokens: int = 40) -> list[int]:
    """The prompt and what the model writes after it."""
    events = generate(model, prompt, max_new_tokens=max_new_tokens,
                      rng=np.random.default_rng(seed))
    return [*prompt, *(event.token_id for event in events)]


def evaluate(model: GPT, validation: Array, config: TrainConfig) -> Generator:
    """A core that returns the loss on held-out text."""
    loss = mean_loss(model, validation, config.batch_size, config.eval_batches)
    return float((yield from fetch(loss))[0])


def mean_loss(model: GPT, ids: Array, batch_size: int, max_batches: int | None = None) -> float:
    """Mean loss over consecutive stretches of `ids`, at most `max_batches` of them, evenly spread."""
    batches = list(consecutive_batches(ids, batch_size, model.config.block_size))
    if max_batches is not None and len(batches) > max_batches:
        chosen = np.linspace(0, len(batches) - 1, max_batches).round().astype(int)
        batches = [batches[i] for i in chosen]
    run_all = map if device_of(model.flat) else threads.run_all
    losses = run_all(lambda batch: model.loss(*batch) * batch[0].size, batches)
    return sum(losses) / sum(inputs.size for inputs, _ in batches)
