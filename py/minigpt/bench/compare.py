"""Two reports beside each other: which changes are changes, and which are noise.

A change counts when it is both clear (the medians differ by more than 5 %) and unlikely to be
chance: a rank test over the single runs (Mann and Whitney 1947) gives p below 1 %.
"""

import json
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minigpt.errors import ConfigError
from minigpt.training.dataset import read_text

CLEAR, UNLIKELY = 0.05, 0.01


@dataclass(frozen=True)
class Change:
    """One contender of one row, then and now. `verdict`: 'slower', 'faster' or 'noise'."""
    row: str
    name: str
    before: float   # median, milliseconds
    after: float
    p: float        # how likely so large a difference is by chance alone
    verdict: str

    @property
    def ratio(self) -> float:
        """Above 1 is slower than before."""
        return self.after / self.before


def load(path: str) -> dict:
    """A report written as JSON; ConfigError if it is none, TextError if there is no such file."""
    text = read_text(path)
    try:
        report = json.loads(text)
        for row in report['rows']:
            if not all(min(map(float, runs)) > 0 for runs in row['runs'].values()):
                raise ValueError('a run that took no time')
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError('not_a_report', path=path) from error
    return report


def changes(old: Sequence[dict], new: Sequence[dict]) -> Iterator[Change]:
    """Every contender that stands in both."""
    before = {row['row']: row['runs'] for row in old}
    for row in new:
        for name, runs in row['runs'].items():
            if name in before.get(row['row'], {}):
                yield change(row['row'], name, before[row['row']][name], runs)


def change(row: str, name: str, old: Sequence[float], new: Sequence[float]) -> Change:
    before, after = statistics.median(old), statistics.median(new)
    p = rank_test(old, new)
    clear = abs(after / before - 1) > CLEAR and p < UNLIKELY
    verdict = ('slower' if after > before else 'faster') if clear else 'noise'
    return Change(row, name, before, after, p, verdict)


def rank_test(a: Sequence[float], b: Sequence[float]) -> float:
    """Two-sided p of the Mann-Whitney U test, by its normal approximation with ties corrected.

    >>> rank_test([1, 2, 3], [1, 2, 3])
    1.0
    """
    n, m = len(a), len(b)
    wins = sum((x > y) + (x == y) / 2 for x in a for y in b)
    every = sorted([*a, *b])
    ties = sum(count ** 3 - count for count in map(every.count, set(every)))
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    if variance <= 0:
        return 1.0
    # Half a step towards the mean: ranks come in steps, the normal curve does not.
    z = max(0.0, abs(wins - n * m / 2) - 0.5) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
