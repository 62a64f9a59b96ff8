"""How long each strategy takes here: after a run that does not count, the median of several."""

import math
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from minigpt.chunking import STRATEGIES
from pages.chunking.cutting import Request

TIMES = 5         # measurements of each strategy, unless…
PATIENCE = 1.0    # …that many seconds are over: then those that are there must do
SHORTEST = 0.01   # seconds; browsers' clocks are coarse, so one measurement is as many runs


@dataclass(frozen=True)
class Timing:
    """Seconds per run, one for each measurement of `runs` runs."""
    strategy: str
    chunks: int
    size: int                   # bytes of the text, in UTF-8
    seconds: tuple[float, ...]
    runs: int

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def megabytes_per_second(self) -> float:
        return self.size / 1e6 / self.median


def timings(text: str, request: Request, tokenizer) -> Iterator[Timing | None]:
    """Each strategy's Timing once it is measured, and None after each measurement before."""
    size = len(text.encode('utf-8', 'replace'))
    for strategy in STRATEGIES:
        started = time.perf_counter()
        chunks = request.cut(text, strategy, tokenizer)  # also fills caches
        once = time.perf_counter() - started
        yield
        runs = max(1, math.ceil(SHORTEST / max(once, 1e-5)))
        seconds, begun = [], time.perf_counter()
        while len(seconds) < TIMES and (not seconds or time.perf_counter() - begun < PATIENCE):
            seconds.append(_measured(text, strategy, request, tokenizer, runs))
            yield
        yield Timing(strategy, len(chunks), size, tuple(seconds), runs)


def _measured(text, strategy, request, tokenizer, runs) -> float:
    """Seconds of one run, from `runs` of them."""
    started = time.perf_counter()
    for _ in range(runs):
        request.cut(text, strategy, tokenizer)
    return (time.perf_counter() - started) / runs
