"""How a model learns: batches, loss, gradient, step, again; and how one sees that it works."""

import math

import numpy as np

from minigpt.inference import generate
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Curves, Name, Rows, Verbatim
from minigpt.teach.lesson import Step, Working
from minigpt.teach.material import losses, small_model, small_text, smooth
from minigpt.training import Evaluation, TrainConfig, TrainState, TrainStep, train
from minigpt.training.dataset import random_batch
from minigpt.training.trainer import one_step

LEVEL = 'intermediate'
STEPS = 150


def story():
    tokenizer, data = small_text()
    model = small_model()
    inputs, targets = random_batch(data, 2, 8, np.random.default_rng(0))
    yield Step('batch', {'tokens': len(data)}, (Rows(
        [(tokenizer.decode(row), tokenizer.decode(goal)) for row, goal in zip(inputs, targets)]),))
    loss = model.loss(*random_batch(data, 16, 32, np.random.default_rng(0)))
    V = model.config.vocab_size
    yield Step('guessing', {'loss': loss, 'vocabulary': V, 'ln': math.log(V)})
    before = Verbatim(written(model))
    state = TrainState(model, TrainConfig(learning_rate=3e-3, warmup=1, steps=STEPS))
    old = model.flat.copy()
    step = one_step(model, data, TrainConfig(learning_rate=3e-3, warmup=1, steps=STEPS), state)
    yield Step('step', {'loss': step.loss, 'norm': step.grad_norm, 'rate': step.learning_rate,
                        'parameters': model.n_params,
                        'moved': float(np.abs(model.flat - old).mean())})
    lines = yield from learning(model, data)
    yield Step('curve', {'steps': STEPS}, (Curves(lines, x='step', y='loss', last=STEPS),))
    yield Step('samples', {}, (before, Verbatim(written(model))))


def learning(model, data):
    """A run that says how far it is; it returns the losses on the batches, and on a tenth that it
    never sees."""
    cut = int(0.9 * len(data))
    config = TrainConfig(steps=STEPS, batch_size=8, warmup=5, learning_rate=3e-3, eval_every=15)
    seen, unseen = [], []
    for event in train(model, data[:cut], config, validation=data[cut:]):
        if isinstance(event, TrainStep):
            seen.append(event.loss)
        elif isinstance(event, Evaluation):
            unseen.append(event.validation_loss)
            yield Working(event.step / STEPS)
    return {Name('train'): smooth(seen), Name('held out'): unseen}


def written(model) -> str:
    """'O ' and 30 tokens that the model writes after it."""
    tokenizer, _ = small_text()
    ids = tokenizer.encode('O ')
    events = generate(model, ids, max_new_tokens=30, rng=np.random.default_rng(0))
    text = tokenizer.decode([*ids, *(event.token_id for event in events)])
    return ' '.join(text.split())


def analysis():
    return Number(values={'vocabulary': 512}, expected=math.log(512), tolerance=0.01)


def visualisation():
    _, data = small_text()
    rates = {'A': 3e-3, 'B': 1e-5, 'C': 3e-4}
    lines = {name: smooth(losses(small_model(), data, steps=40, learning_rate=rate,
                                 min_learning_rate=rate / 10)) for name, rate in rates.items()}
    return Choice(figures=(Curves(lines, x='step', y='loss', last=40),), choices=tuple(rates),
                  expected=min(rates, key=rates.get))


def comparison():
    _, data = small_text()
    final = {str(size): float(np.mean(losses(small_model(), data, steps=40, batch_size=size)[-5:]))
             for size in (1, 16)}
    return Choice(choices=('1', '16'), expected=min(final, key=final.get))


def implementation():
    ids, starts = np.arange(30) * 7 % 11, np.array([0, 5, 12])
    return Code(
        code='def batch(ids, starts, T):\n    # inputs, targets: (B, T) each\n    ...\n',
        reference=stretches, cases=[(ids, starts, 4), (ids, starts[:1], 8)])


def debugging():
    return BugHunt(file='training/trainer.py',
                   right='state.optimizer.step(model.flat, grad, rate)',
                   wrong='state.optimizer.step(model.flat.copy(), grad, rate)',
                   judge=loss_gained_by_training, limit=-0.1)


def stretches(ids, starts, T: int):
    """Inputs and targets from given places."""
    places = starts[:, None] + np.arange(T)
    return ids[places], ids[places + 1]


def loss_gained_by_training(module) -> float:
    """The loss after 15 updates less the one before; below 0 where the model learns."""
    _, data = small_text()
    model = small_model()
    config = module.TrainConfig(steps=15, batch_size=8, warmup=1, learning_rate=3e-3)
    state = module.TrainState(model, config)
    batch = random_batch(data, 16, 32, np.random.default_rng(9))
    before = model.loss(*batch)
    for _ in range(15):
        module.one_step(model, data, config, state)
    return model.loss(*batch) - before
