"""Time pieces of work beside each other, in turns, so that noise hits all alike."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from minigpt.backend.clock import seconds_of

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Seconds of each measured run of one contender."""
    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def mean(self) -> float:
        return statistics.fmean(self.seconds)

    @property
    def stddev(self) -> float:
        return statistics.stdev(self.seconds) if len(self.seconds) > 1 else 0.0

    def percentile(self, share: float) -> float:
        """The run that `share` (0–1) of the runs were not slower than."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def side_by_side(contenders: dict[str, Work], turns: int = 5, runs: int = 3,
                 warmups: int = 1) -> list[Timing]:
    """Let the contenders take turns; each turn is `warmups` runs that do not count, `runs` that do,
    each repeated where it is too short for the clock.

    Turns spread the noise of the machine over all alike. The run that does not count warms
    caches and outlasts the threads of the contender before, which spin for a while when idle.
    """
    seconds = {name: [] for name in contenders}
    for _ in range(turns):
        for name, work in contenders.items():
            for _ in range(warmups):
                work()
            for _ in range(runs):
                seconds[name].append(seconds_of(work))
    return [Timing(name, tuple(measured)) for name, measured in seconds.items()]
