"""Measure before you speed up: parts, medians, operations per second, and what a gain is worth."""

from collections import Counter

import numpy as np

from minigpt.backend.clock import per, readable
from minigpt.bench.timing import Timing, side_by_side
from minigpt.nn.counts import parts
from minigpt.nn.trace import TimedTrace
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Name, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint
from minigpt.teach.watch import costs

LEVEL = 'advanced'
T = 128


def story():
    model = checkpoint().model
    ids = np.random.default_rng(0).integers(0, model.config.vocab_size, (1, T))
    times = [timed_pass(model, ids) for _ in range(6)]
    yield Step('noise', {'tokens': T}, (Rows(
        [(number, (1000 * sum(run.values()), 2)) for number, run in enumerate(times, 1)]),))
    medians = {part: 1000 * middle([run[part] for run in times[1:]]) for part in times[0]}
    total = sum(medians.values())
    slowest = Name(max(medians, key=medians.get))
    yield Step('parts', {'slowest': slowest, 'percent': 100 * medians[slowest] / total},
               (Bars(list(map(Name, medians)), list(medians.values()), 2, ' ms'),))
    forward, = side_by_side({'forward': lambda: model.forward(ids)}, turns=2)
    flops = sum(part.flops for part in parts(model.config, T))
    yield Step('rate', {'flops': flops / 1e6, 'milliseconds': 1000 * forward.median,
                        'rate': per(flops / 1e9, forward.median)})
    share = medians[slowest] / total
    yield Step('worth', {'slowest': slowest, 'percent': 100 * share}, (Rows(
        [((gain, 0), (speed_up(share, gain), 2)) for gain in (2.0, 4.0, 10.0, 1000.0)]),))


def timed_pass(model, ids) -> dict[str, float]:
    """Seconds of each part in one forward pass: the mean of as many as the clock can tell."""
    found, passes = Counter(), 0
    while not passes or sum(found.values()) < readable():
        trace = TimedTrace()
        model.forward(ids, trace=trace)
        found.update({part: seconds for part, (seconds, _) in costs(trace).items()})
        passes += 1
    return {part: seconds / passes for part, seconds in found.items()}


def middle(seconds: list[float]) -> float:
    """The median; the mean where that is 0, as with a clock too coarse for so little."""
    return float(np.median(seconds) or np.mean(seconds))


def speed_up(share: float, gain: float) -> float:
    """How many times faster the whole becomes if a share of it becomes `gain` times faster
    (Amdahl 1967)."""
    return 1 / (1 - share + share / gain)


def percentile(times: list[float], share: float) -> float:
    return Timing('', tuple(times)).percentile(share)


def analysis():
    return Number(expected=speed_up(0.6, 3), tolerance=0.02)


def visualisation():
    counted = {Name(part.name): part.flops / 1e6
               for part in parts(checkpoint().model.config, T) if part.flops}
    return Choice(choices=list(counted), expected=max(counted, key=counted.get),
                  figures=(Bars(list(counted), list(counted.values())),))


def comparison():
    times = np.array([1.0, 1.1, 0.9, 1.0, 9.0])
    moved = {'A': abs(times.mean() - times[:4].mean()),
             'B': abs(np.median(times) - np.median(times[:4]))}
    return Choice(choices=('A', 'B'), expected=max(moved, key=moved.get))


def implementation():
    return Code(code='def percentile(times, share):\n    # share: 0 to 1\n    ...\n',
                reference=percentile, cases=[([5.0, 1.0, 2.0, 4.0, 3.0], 0.5), ([3.0, 1.0], 1.0),
                                             ([2.0, 9.0, 4.0], 0.0)])


def debugging():
    return BugHunt(file='bench/timing.py', judge=warm_ups_missing, limit=0,
                   right='range(warmups)', wrong='range(0)')


def warm_ups_missing(module) -> float:
    """How many of the 2 runs that should not count were not made, in 2 turns of 3 counted ones."""
    calls = []
    module.seconds_of = lambda work: 0.0  # makes none of those that count
    module.side_by_side({'a': lambda: calls.append(1)}, turns=2, runs=3)
    return abs(len(calls) - 2)
