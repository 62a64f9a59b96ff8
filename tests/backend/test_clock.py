"""What is measured with a clock as coarse as browsers' is repeated until the clock can tell it."""

import json
import math
import time

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, TrainConfig, generate, train
from minigpt.backend import clock, devices
from minigpt.backend.clock import per, readable, seconds_of, tick
from minigpt.bench.cache_saving import cache_saving
from minigpt.bench.flamegraph import page
from minigpt.bench.measure import Plan, measure
from minigpt.bench.contest import Contest
from minigpt.bench.profiler import Profiler
from minigpt.bench.race import Result, race
from minigpt.bench.race_operations import product
from minigpt.locale import decimal
from minigpt.locale.numbers_in_text import filled
from minigpt.teach.lesson import Lesson
from minigpt.training import TrainStep
from minigpt.training.event_log import entry, event_of

# A build's clock, which stands still for good, meets no benchmark and no lesson.
MOVING = pytest.mark.parametrize('bad_clock', ['coarse', 'stuck'], indirect=True)
CONFIG = GPTConfig(vocab_size=50, block_size=16, n_embd=16, n_head=2, n_layer=1)


@pytest.fixture
def model():
    return GPT(CONFIG, np.random.default_rng(0))


def a_while() -> None:
    """Some work, far below a tick."""
    sum(range(1000))


def test_the_tick_is_the_clock_s_and_a_measurement_lasts_some(bad_clock):
    if bad_clock == 'still':
        assert tick() == readable(0.02) == seconds_of(a_while) == 0
        return
    steps = tick() / 0.1
    assert steps == pytest.approx(round(steps)) and 1 <= steps < 5  # who is interrupted sees several
    assert readable(0.02) == pytest.approx(4 * tick()) and readable(5) == 5
    runs = []
    seconds = seconds_of(lambda: (a_while(), runs.append(1)))
    assert 0 < seconds < 0.1 and len(runs) > 4


def test_a_clock_that_went_on_after_standing_still_has_a_tick(monkeypatch):
    monkeypatch.setattr(clock, '_known', 0.0)
    monkeypatch.setattr(clock, 'READS', 10)
    with monkeypatch.context() as still:
        still.setattr(time, 'perf_counter', lambda: 0.0)
        assert tick() == 0
    monkeypatch.setattr(clock, 'READS', 1_000_000)
    assert 0 < tick() < 0.01


def test_a_run_that_the_clock_can_tell_is_made_once():
    runs = []
    assert seconds_of(lambda: (runs.append(1), time.sleep(0.001))) >= 0.001
    assert runs == [1]


def test_what_is_not_known_is_a_dash():
    assert per(3, 2) == 1.5 and per(3, 0) is None
    assert decimal(None, 2, 'pt') == '–'
    assert filled('{speed:,.0f} tokens/s', {'speed': None}, 'en') == '– tokens/s'


def test_the_speed_of_a_training_is_that_of_all_updates_since_the_last_tick(bad_clock, model):
    steps = [it for it in train(model, np.arange(400) % 50, TrainConfig(steps=60, batch_size=2))
             if isinstance(it, TrainStep)]
    assert len(steps) == 60
    told = [it for it in steps if it.tokens_per_second is not None]
    assert all(it.seconds > 0 and math.isfinite(it.tokens_per_second) for it in told)
    assert all(it.seconds == 0 for it in steps if it not in told)
    tokens = sum(it.tokens_per_second * it.seconds for it in told)
    last = told[-1].step if told else 0
    assert tokens == pytest.approx(last * 2 * CONFIG.block_size)
    assert [event_of(json.loads(json.dumps(entry(it, None)))).step for it in steps] == [
        it.step for it in steps]


def test_all_that_is_measured_has_an_end_and_no_division_by_nothing(bad_clock, model):
    devices.cpu_seconds_per_flop.cache_clear()
    assert devices.cpu_seconds_per_flop() > 0 or bad_clock == 'still'
    devices.cpu_seconds_per_flop.cache_clear()
    *_, saving = cache_saving(model, list(range(16)), [2, 16], turns=1)
    assert (saving.ratio is None) == (bad_clock == 'still')
    assert sum(it.seconds for it in generate(
        model, [1], max_new_tokens=5, rng=np.random.default_rng(0))) >= 0
    [found] = [it for it in race([product(5, 7, 3)], seconds=0)
               if isinstance(it, Result) and it.backend == 'numpy']
    assert (found.rate is None) == (bad_clock == 'still')
    with Profiler() as profiler:
        a_while()
    assert '<svg' in page(profiler.profile, 'en')


@MOVING
def test_the_benchmark_has_its_ratios(bad_clock):
    contest = Contest({'minigpt': a_while, 'other': a_while}, {'things': 1}, {})

    def row(text):
        """Two alike."""
        return contest

    [found] = measure([('row', row)], '', Plan(turns=1))
    assert found['ratio']['other'] > 0 and found['rates']['minigpt']['things'] > 0


@MOVING
@pytest.mark.parametrize('name', ['profiling', 'inference_engine', 'kv_cache'])
def test_lessons_that_measure_come_to_their_end(bad_clock, name):
    assert len(list(Lesson(name).story())) > 3
