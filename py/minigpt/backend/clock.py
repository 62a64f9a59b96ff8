"""What the clock can tell: browsers round it to 0.1 ms, to 1 ms, and guarded ones to 100 ms.

A duration below such a tick reads as 0, one just above as anything up to a whole tick more. So
what is measured is repeated until it lasts some ticks, and a rate may have no answer.
"""

import time
from collections.abc import Callable

TICKS = 4          # that a measurement lasts at least: read to a quarter
READS = 1_000_000  # after so many that say the same, the clock stands still

_known = 0.0       # the tick, once one was seen


def tick() -> float:
    """The least step of the clock, in seconds; 0 while it stands still, as in a site's build."""
    global _known
    if not _known:
        steps = [_step(), _step()]  # what interrupts one makes it longer
        _known = min(steps)
    return _known


def _step() -> float:
    before = time.perf_counter()
    for _ in range(READS):
        if (now := time.perf_counter()) > before:
            return now - before
    return 0.0


def readable(least: float = 0.0) -> float:
    """The seconds that a measurement must last to be one: `least`, or some ticks of the clock.

    0 where the clock stands still: nothing can be measured.
    """
    return max(least, TICKS * tick()) if tick() else 0.0


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of one run of `work`: the mean of so many in a row that the clock can tell them.

    0 where the clock stands still.
    """
    runs, enough = 1, readable()
    while True:
        started = time.perf_counter()
        for _ in range(runs):
            work()
        seconds = time.perf_counter() - started
        if seconds >= enough:
            return seconds / runs
        runs *= 2


def per(amount: float, measured: float) -> float | None:
    """amount ÷ measured, a speed or a ratio; None where the clock saw no time pass."""
    return amount / measured if measured > 0 else None
