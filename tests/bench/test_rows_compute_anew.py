"""No row of the benchmark measures a cached result: every run does the whole work again."""

import functools
import sys
from collections import Counter

import pytest

from minigpt.bench.chunk_rows import grid
from minigpt.bench.measure import benchmark_text
from minigpt.bench.rows import ROWS
from minigpt.bench.stress import stress_rows

TEXT = benchmark_text(length=30_000)
OURS = {name: row for name, row in ROWS.items() if name not in ('train-bpe',)}
FEW = dict(list(grid(['fixed', 'adaptive'], [300], 0.1)) + list(stress_rows())[::3])


def calls(work) -> Counter:
    """How often each of our functions was called in one run, and C's functions by ours."""
    seen: Counter = Counter()

    def look(frame, event, argument):
        if not frame.f_globals.get('__name__', '').startswith(('minigpt', __name__)):
            return  # what a collector of garbage or a test's own hook may do in between
        if event == 'call':
            seen[frame.f_code.co_qualname] += 1
        elif event == 'c_call':
            seen[getattr(argument, '__name__', '')] += 1

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen


@pytest.mark.parametrize('name', [*OURS, *FEW])
def test_later_runs_call_what_the_first_called(name, monkeypatch):
    """A kept result would make a later run do next to nothing. The first may do a little more:
    masks and tables are made once."""
    monkeypatch.setenv('OPENBLAS_NUM_THREADS', '1')
    contest = (OURS | FEW)[name](TEXT)
    for who, work in contest.without_references().present.items():
        first, second, third = calls(work), calls(work), calls(work)
        assert sum(second.values()) >= max(1, 0.8 * sum(first.values())), who
        assert second == third, who


def test_a_cache_would_be_found_out():
    from minigpt.chunking import chunk
    cached = functools.cache(chunk)

    def work():
        return cached(TEXT, 'sentence', 300)

    first, second = calls(work), calls(work)
    assert sum(second.values()) < 0.1 * sum(first.values())


def test_references_stay_out_when_not_wanted():
    contest = ROWS['training-step'](TEXT)
    assert 'torch' in contest.contenders
    assert 'torch' not in contest.without_references().contenders
