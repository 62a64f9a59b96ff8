"""Time pieces of work beside each other: warm up, then take turns, so that noise hits all alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

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
    def stddev(self) -> float:
        return statistics.stdev(self.seconds) if len(self.seconds) > 1 else 0.0

    def percentile(self, share: float) -> float:
        """The run that `share` (0–1) of the runs were not slower than."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def side_by_side(contenders: dict[str, Work], repeats: int = 11, warmup: int = 2) -> list[Timing]:
    """Run each contender `repeats` times in turn, after `warmup` rounds that do not count."""
    seconds = {name: [] for name in contenders}
    for run in range(-warmup, repeats):
        for name, work in contenders.items():
            started = time.perf_counter()
            work()
            elapsed = time.perf_counter() - started
            if run >= 0:
                seconds[name].append(elapsed)
    return [Timing(name, tuple(runs)) for name, runs in seconds.items()]
