"""The benchmark system counts what it says it counts. No test here looks at how long anything took."""

import json

import numpy as np
import pytest

from minigpt.bench.memory import peak_bytes
from minigpt.bench.measure import Plan, benchmark_text, measure, named_rows
from minigpt.bench.rows import ROWS
from minigpt.bench.timing import Timing, side_by_side
from minigpt.errors import ConfigError
from minigpt.nn import GPT


def test_contenders_take_turns_and_the_first_run_of_a_turn_does_not_count(monkeypatch):
    order = []
    monkeypatch.setattr('minigpt.bench.timing.seconds_of', lambda work: (work(), 1.0)[1])
    timings = side_by_side({'a': lambda: order.append('a'), 'b': lambda: order.append('b')},
                           turns=2, runs=3)
    assert order == [*'aaaa', *'bbbb'] * 2
    assert [(timing.name, len(timing.seconds)) for timing in timings] == [('a', 6), ('b', 6)]


def test_median_and_percentiles():
    timing = Timing('x', (5.0, 1.0, 2.0, 4.0, 3.0))
    assert (timing.median, timing.percentile(0), timing.percentile(1)) == (3, 1, 5)
    assert timing.stddev == pytest.approx(np.std([1, 2, 3, 4, 5], ddof=1))


def test_peak_memory_is_that_of_the_worst_moment():
    def work():
        large = np.ones(1_000_000)
        del large
        np.ones(1000)

    assert peak_bytes(work) == pytest.approx(8_000_000, rel=0.01)


def test_text_is_a_megabyte():
    assert len(benchmark_text()) == 1_000_000


@pytest.mark.parametrize('row', ['encode-warm', 'training-step', 'forward-128', 'generation',
                                 'chunk-fixed'])
def test_row_is_measured(row):
    text = benchmark_text()[:200_000]
    [found] = measure(named_rows([row]), text, Plan(turns=1))
    assert found['row'] == row
    assert found['milliseconds']['minigpt']['median'] > 0
    assert found['memory']['minigpt']['peak'] > 0
    assert set(found['absent']).isdisjoint(found['milliseconds'])
    json.dumps(found)


def test_every_run_computes_anew(monkeypatch):
    """Each measured run must go through the network: a cached result would not."""
    passes = []
    real = GPT._forward

    def counted(self, *args, **keywords):
        passes.append(1)
        return real(self, *args, **keywords)

    monkeypatch.setattr(GPT, '_forward', counted)
    work = ROWS['generation']('').present['minigpt']
    for _ in range(3):
        passes.clear()
        work()
        assert len(passes) == 100


def test_unknown_row_is_named_before_anything_is_measured():
    with pytest.raises(ConfigError, match='encode-warm'):
        named_rows(['encode-warm', 'nonsense'])
