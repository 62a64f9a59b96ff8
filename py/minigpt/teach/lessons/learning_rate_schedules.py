"""How large a step, and when: warm-up, plateau, decay, and what a bad rate does."""

import numpy as np

from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Curves, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import small_text, smooth, trained
from minigpt.training.schedule import SCHEDULES, learning_rate

LEVEL = 'intermediate'
TOTAL = 100


def rates(schedule: str, warmup: int = 10) -> list[float]:
    """The rate of every step, in thousandths."""
    return [1000 * learning_rate(step, schedule=schedule, peak=1e-3, floor=1e-4, warmup=warmup,
                                 total=TOTAL) for step in range(TOTAL)]


def story():
    _, data = small_text()
    trial = yield from trained({
        f'{rate:g}': {'steps': 40, 'learning_rate': rate, 'schedule': 'constant',
                      'min_learning_rate': rate} for rate in (1e-5, 1e-3, 1e-2, 0.3)}, data)
    lines = {name: smooth(run) for name, run in trial.items()}
    yield Step('sizes', {'steps': 40}, (Curves(lines, x='step', y='loss', last=40),))
    yield Step('shapes', {'steps': TOTAL}, (Curves(
        {name: rates(name) for name in SCHEDULES}, x='step', y='rate'),))
    yield Step('warmup', {}, (Rows(
        [(step + 1, (rates('cosine')[step], 2), (rates('cosine', warmup=0)[step], 2))
         for step in (0, 4, 9, 49, 99)]),))
    trial = yield from trained({
        name: {'steps': 80, 'learning_rate': 5e-3, 'min_learning_rate': 1e-4, 'schedule': name}
        for name in SCHEDULES}, data)
    ends = {name: float(np.mean(run[-10:])) for name, run in trial.items()}
    yield Step('compared', {'steps': 80, 'best': min(ends, key=ends.get)}, (Rows(
        [(name, (loss, 3)) for name, loss in ends.items()]),))


def analysis():
    half = learning_rate(50, schedule='cosine', peak=1e-3, floor=0.0, warmup=0, total=100)
    return Number(expected=half, tolerance=1e-6)


def visualisation():
    names = dict(zip('ABCD', ('linear', 'one-cycle', 'cosine', 'constant')))
    lines = {letter: rates(name, warmup=0) for letter, name in names.items()}
    return Choice(figures=(Curves(lines, x='step', y='rate'),), choices=tuple(names),
                  expected=next(key for key, name in names.items() if name == 'one-cycle'))


def comparison():
    means = {name: float(np.mean(rates(name))) for name in SCHEDULES}
    return Choice(choices=tuple(SCHEDULES), expected=max(means, key=means.get))


def implementation():
    return Code(code='def rate(step, warmup, peak):\n    ...\n', reference=warmed_up,
                cases=[(0, 10, 1.0), (4, 10, 2.0), (9, 10, 1.0), (50, 10, 3.0)])


def debugging():
    return BugHunt(file='training/schedule.py', right='(1 + math.cos(math.pi * progress)) / 2',
                   wrong='(1 + math.cos(2 * math.pi * progress)) / 2',
                   judge=rate_left_at_the_end, limit=1e-6)


def warmed_up(step: int, warmup: int, peak: float) -> float:
    """A straight line up to the peak at step warmup − 1, the peak after it."""
    return peak * min(1.0, (step + 1) / warmup)


def rate_left_at_the_end(module) -> float:
    """What a cosine leaves of the peak at the end of a run: the floor, here 0."""
    return module.learning_rate(100, schedule='cosine', peak=1.0, floor=0.0, warmup=0, total=100)
