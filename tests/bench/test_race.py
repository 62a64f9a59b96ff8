"""The race times what it says, with the backend it says, and sees a backend that computes wrongly."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from minigpt import backend
from minigpt.backend import choices
from minigpt.bench import race_operations
from minigpt.bench.race import Lap, Missing, Result, race
from minigpt.bench.rungs import rungs
from minigpt.nn import GPT

ROOT = Path(__file__).parents[2]
SMALL = [race_operations.product(5, 7, 3), race_operations.adamw(100)]


@pytest.fixture(autouse=True)
def numpy_is_in_use():
    backend.use('numpy')


@pytest.fixture
def crooked(monkeypatch):
    """One more backend, whose products are a hundredth too large."""
    monkeypatch.setitem(choices.CHOICES, 'crooked', lambda: {'matmul': lambda a, b: a @ b * 1.01})


def present() -> list[str]:
    return [name for name in backend.names() if name not in backend.describe().absent]


def test_absent_backends_are_named_first_and_the_others_all_run():
    events = list(race(SMALL, seconds=0))
    absent = backend.describe('pt').absent
    assert [it.reason.in_language('pt') for it in events[:len(absent)]] == list(absent.values())
    assert all(isinstance(event, Missing) for event in events[:len(absent)])
    results = [event for event in events if isinstance(event, Result)]
    assert [(it.operation, it.backend) for it in results] == [
        (operation.name, name) for operation in SMALL for name in present()]
    json.dumps([asdict(it) for it in results])


@pytest.mark.parametrize('operation', race_operations.OPERATIONS,
                         ids=lambda it: f'{it.name} {it.size}')
def test_numpy_is_near_its_own_float64(operation):
    *laps, result = [it for it in race([operation], seconds=0) if not isinstance(it, Missing)]
    assert 0 < result.relative_error < 2e-5
    assert 0 < min(lap.seconds for lap in laps) <= result.seconds
    assert result.rate > 0


def test_a_wrong_backend_shows_its_error(crooked):
    found = {it.backend: it for it in race(SMALL[:1], seconds=0) if isinstance(it, Result)}
    assert found['crooked'].relative_error == pytest.approx(0.01, rel=1e-3)
    assert found['numpy'].relative_error < 1e-6


def test_the_backend_in_use_is_the_same_at_every_event_and_after_an_early_end(crooked):
    events = race(SMALL, seconds=0)
    for event in events:
        assert backend.current() == 'numpy'
        if isinstance(event, Lap) and event.backend == 'crooked':
            break
    events.close()
    assert backend.current() == 'numpy'


def test_without_a_card_the_race_of_its_rungs_says_why():
    [event] = rungs(seconds=0)
    assert event.backend == 'webgpu' and 'navegadores' in event.reason.in_language('pt')


def test_a_converted_model_computes_the_same():
    exact = race_operations.converted(GPT(race_operations.STEP), 'float64')
    assert exact.flat.dtype == 'float64'
    assert (exact.flat == GPT(race_operations.STEP).flat).all()


def test_the_command_prints_every_operation_and_refuses_rows():
    def run(*args):
        return subprocess.run([sys.executable, '-m', 'minigpt', 'benchmark', *args], cwd=ROOT,
                              env=os.environ | {'MINIGPT_LANG': 'en', 'PYTHONUTF8': '1'},
                              capture_output=True, text=True, encoding='utf-8', timeout=300)

    done = run('--race')
    assert done.returncode == 0, done.stderr
    assert 'simd: not here; it is WebAssembly' in done.stdout
    for operation in race_operations.OPERATIONS:
        assert any(line.startswith(f'{operation.name:<15} {operation.size}')
                   for line in done.stdout.splitlines())
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert 'takes no rows; leave out training-step' in run('--race', 'training-step').stderr
