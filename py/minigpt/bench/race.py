"""Race the backends: each operation by every backend that can run here, its speed and its error.

    for event in race():       (or async for, where a browser's graphics card must be waited for)
        Missing     a backend that cannot run here, or cannot any more, and why
        Lap         some runs were timed
        Result      an operation's median time, rate and error with one backend

The terminal, the pages and the tests all run this one function. At every event the backend that
was in use before is in use, so a page goes on with its own work; closing the stream at any event
ends the race.
"""

import statistics
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from types import GeneratorType

import numpy as np

from minigpt import backend
from minigpt.backend.absent import Absent, DeviceError
from minigpt.backend.clock import per, readable
from minigpt.backend.dispatch import found
from minigpt.backend.memory import keep_freed_memory
from minigpt.backend.waiting import Steps
from minigpt.bench.device import fetched, waited
from minigpt.bench.race_operations import OPERATIONS, Operation, Run

LAP = 0.02       # seconds at least, where the clock can tell them
FEWEST_LAPS = 3
SCALES = {'FLOP': (1e9, 'GFLOP/s'), 'B': (1e9, 'GB/s'), 'tokens': (1, 'tokens/s')}


@dataclass(frozen=True)
class Missing:
    """A backend that cannot run here; `reason.in_language('pt')` says why."""
    backend: str
    reason: Absent


@dataclass(frozen=True)
class Lap:
    """Some runs in a row took `seconds` each."""
    operation: str
    size: str
    backend: str
    seconds: float


@dataclass(frozen=True)
class Result:
    """What one backend did in one operation.

    `seconds` is the median of the laps, `rate` how much of the work that is per second, in
    `unit`, None from a clock that stands still. `max_error` is the largest difference from NumPy's
    result in float64, and `relative_error` that over the largest value of the exact result.
    """
    operation: str
    size: str
    backend: str
    seconds: float
    rate: float | None
    unit: str
    max_error: float
    relative_error: float


Event = Missing | Lap | Result


def race(operations: Sequence[Operation] = OPERATIONS, seconds: float = 0.2) -> Steps:
    """A stream of events: every operation with each backend, for about `seconds` each."""
    keep_freed_memory()
    return Steps(events(operations, seconds))


def events(operations: Sequence[Operation], seconds: float) -> Generator:
    running = []
    for name in backend.names():
        if isinstance(reason := found(name), Absent):
            yield Missing(name, reason)
        else:
            running.append(name)
    for operation in operations:
        exact = yield from computing_with('numpy', exact_result(operation))
        for name in list(running):
            try:
                yield from measured(operation, name, exact, seconds)
            except DeviceError as error:
                running.remove(name)
                yield Missing(name, error.reason)


def measured(operation: Operation, name: str, exact: np.ndarray, seconds: float) -> Generator:
    """Time one operation with one backend."""
    def lap(duration: float) -> Lap:
        return Lap(operation.name, operation.size, name, duration)

    run, error = yield from computing_with(name, compared(operation, exact))
    runs, warm = yield from computing_with(name, runs_per_lap(run))
    yield lap(warm)
    laps, spent = [], 0.0
    while len(laps) < FEWEST_LAPS or spent < seconds:
        # The runs before may have been slow ones, and a lap of as many be too short now.
        runs, duration = yield from computing_with(name, runs_per_lap(run, runs))
        laps.append(duration)
        spent += runs * duration
        yield lap(duration)
    median = statistics.median(laps)
    scale, unit = SCALES[operation.unit]
    yield Result(operation.name, operation.size, name, median, per(operation.work / scale, median),
                 unit, error, error / float(np.abs(exact).max()))


# Cores (see backend/waiting.py), for one backend:

def exact_result(operation: Operation) -> Generator:
    """Returns the result in float64."""
    return (yield from fetched((yield from once(operation.prepare(np.float64)))))


def compared(operation: Operation, exact: np.ndarray) -> Generator:
    """Returns what computes the operation, and the error of its first run, which is not timed."""
    run = operation.prepare(np.float32)
    result = yield from fetched((yield from once(run)))
    return run, float(np.abs(result - exact).max())


def runs_per_lap(run: Run, runs: int = 1) -> Generator:
    """Returns how many runs, `runs` or more, make a lap long enough for the clock, and the seconds
    of each."""
    enough = readable(LAP)
    while (duration := (yield from timed(run, runs))) * runs < enough:
        runs *= 2
    return runs, duration


def timed(run: Run, runs: int) -> Generator:
    """Returns the seconds of each of `runs` runs in a row, waited for once."""
    started = time.perf_counter()
    for _ in range(runs):
        result = run()
        if isinstance(result, GeneratorType):
            result = yield from result
    yield from waited(result)
    return (time.perf_counter() - started) / runs


def once(run: Run) -> Generator:
    """Returns the result of one run."""
    result = run()
    return (yield from result) if isinstance(result, GeneratorType) else result


def computing_with(name: str, core: Generator) -> Generator:
    """Run another core with this backend; while it waits, the one before is in use again."""
    resume, value = core.send, None
    while True:
        before = backend.asked()
        backend.use(name)
        try:
            item = resume(value)
        except StopIteration as end:
            return end.value
        finally:
            backend.use(before)
        try:
            resume, value = core.send, (yield item)
        except Exception as error:
            resume, value = core.throw, error
