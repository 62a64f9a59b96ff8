"""SGD, momentum, Adam, AdamW: the same gradient, four ways to step."""

import numpy as np

from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Curves, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint, small_text, smooth, trained
from minigpt.training.optimizer import OPTIMIZERS

LEVEL = 'intermediate'
STEEPNESS = np.array([1.0, 25.0])
RATES = {'sgd': 0.03, 'momentum': 0.03, 'adam': 0.3}
MODEL_RATES = {'sgd': 0.3, 'momentum': 0.1, 'adam': 3e-3, 'adamw': 3e-3}


def story():
    yield Step('valley', {})
    yield Step('race', {'steps': 40}, (Curves(
        {name: valley(name, 40) for name in RATES}, x='step', y='height'),))
    yield Step('memory', {'parameters': checkpoint().model.n_params}, (Rows(
        [(name, len(kept(name)), (4 * len(kept(name)) * checkpoint().model.n_params / 1e6, 1))
         for name in OPTIMIZERS]),))
    _, data = small_text()
    runs = yield from trained({name: {'steps': 80, 'optimizer': name, 'learning_rate': rate}
                               for name, rate in MODEL_RATES.items()}, data)
    yield Step('model', {'steps': 80}, (Curves(
        {name: smooth(run) for name, run in runs.items()}, x='step', y='loss', last=80),))
    sizes = [first_step(scale) for scale in (0.01, 1.0, 100.0)]
    yield Step('scale', {}, (Rows(
        [((scale, 2), (sgd, 4), (adam, 4)) for scale, sgd, adam in sizes]),))


def valley(name: str, steps: int, rate: float | None = None) -> list[float]:
    """Heights on the way down (x² + 25y²) / 2 from (2, 1)."""
    optimizer, w = OPTIMIZERS[name](np.zeros(2)), np.array([2.0, 1.0])
    heights = []
    for _ in range(steps):
        heights.append(float((STEEPNESS * w ** 2).sum() / 2))
        optimizer.step(w, STEEPNESS * w, rate or RATES[name])
    return heights


def kept(name: str) -> dict:
    """The vectors that an optimizer remembers between steps."""
    return OPTIMIZERS[name](np.zeros(2)).memory


def first_step(scale: float) -> tuple[float, float, float]:
    """How far SGD and Adam go at a rate of 0.01 for gradients of this size."""
    moved = []
    for name in ('sgd', 'adam'):
        w = np.zeros(1)
        OPTIMIZERS[name](np.zeros(1)).step(w, np.full(1, scale), 0.01)
        moved.append(float(abs(w[0])))
    return scale, *moved


def analysis():
    return Number(values={'parameters': 1_000_000},
                  expected=4 * len(kept('adam')) * 1_000_000 / 1e6, tolerance=0.1)


def visualisation():
    lines = {'A': valley('adam', 40, 0.03), 'B': valley('momentum', 40), 'C': valley('sgd', 40)}
    rises = {name: sum(b > a for a, b in zip(line, line[1:])) for name, line in lines.items()}
    return Choice(figures=(Curves(lines, x='step', y='height'),), choices=tuple(lines),
                  expected=max(rises, key=rises.get))


def comparison():
    ends = {name: valley(name, 40)[-1] for name in ('sgd', 'momentum')}
    return Choice(choices=('sgd', 'momentum'), expected=min(ends, key=ends.get))


def implementation():
    w, u, g = np.random.default_rng(0).normal(size=(3, 4))
    return Code(code='def momentum_step(w, u, grad, lr, mu):\n    # return the new w, u\n    ...\n',
                reference=momentum_step, cases=[(w, u, g, 0.1, 0.9), (w, 0 * u, g, 0.01, 0.5)])


def debugging():
    return BugHunt(file='training/optimizer.py', right='    scratch *= 1 - beta1 ** steps\n',
                   wrong='', judge=first_step_missed, limit=1e-3)


def momentum_step(w, u, grad, lr: float, mu: float):
    """Velocity first, then the weights."""
    u = mu * u + grad
    return w - lr * u, u


def first_step_missed(module) -> float:
    """Adam's first step is as long as the rate whatever the gradient: the share it is off by."""
    w = np.zeros(3)
    module.AdamW(np.zeros(3)).step(w, np.array([0.01, 1.0, 50.0]), 0.1)
    return float(np.abs(np.abs(w) / 0.1 - 1).max())
