"""How long each strategy takes here: after a run that does not count, the median of several."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from minigpt.backend.clock import per, readable
from minigpt.chunking import STRATEGIES
from pages.chunking.cutting import Request

TIMES = 5         # measurements of each strategy, unless…
PATIENCE = 1.0    # …that many seconds are over: then those that are there must do
SHORTEST = 0.01   # seconds of a measurement; it is as many runs as last so long, or longer where
                  # the clock is coarse, as browsers' are


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
    def megabytes_per_second(self) -> float | None:
        """None from a clock that stands still."""
        return per(self.size / 1e6, self.median)


def timings(text: str, request: Request, tokenizer) -> Iterator[Timing | None]:
    """Each strategy's Timing once it is measured, and None after each measurement before."""
    size = len(text.encode('utf-8', 'replace'))
    for strategy in STRATEGIES:
        chunks = request.cut(text, strategy, tokenizer)  # also fills caches
        yield
        runs, seconds, begun = 1, [], time.perf_counter()
        while len(seconds) < TIMES and (not seconds or time.perf_counter() - begun < PATIENCE):
            spent = _measured(text, strategy, request, tokenizer, runs)
            if spent < readable(SHORTEST):
                runs, seconds = 2 * runs, []
            else:
                seconds.append(spent / runs)
            yield
        yield Timing(strategy, len(chunks), size, tuple(seconds), runs)


def _measured(text, strategy, request, tokenizer, runs) -> float:
    """Seconds of so many runs."""
    started = time.perf_counter()
    for _ in range(runs):
        request.cut(text, strategy, tokenizer)
    return time.perf_counter() - started
