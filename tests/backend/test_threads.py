"""Pieces computed at once are the pieces computed one by one, and BLAS gets its threads back."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, TrainConfig
from minigpt.backend import threads
from minigpt.backend.waiting import finish
from minigpt.training.pieces import gradient


def test_results_keep_the_order_of_the_pieces():
    assert threads.run_all(lambda n: n * n, list(range(20))) == [n * n for n in range(20)]


@pytest.fixture
def two():
    """BLAS with two threads, where it can be told."""
    blas = threads.openblas()
    if blas is None:
        assert threads.workers() == 1
        pytest.skip('another BLAS than the one NumPy carries')
    before = blas.get_threads()
    blas.set_threads(2)
    yield
    blas.set_threads(before)


def test_blas_has_its_threads_back_even_after_an_error(two):
    seen = []

    def work(n):
        seen.append(threads.workers())
        raise ValueError(f'piece {n}')

    assert threads.workers() == 2
    with pytest.raises(ValueError, match='piece 0'):
        threads.run_all(work, [0, 1])
    assert threads.workers() == 2 and set(seen) == {1}


def test_after_an_error_no_piece_is_left_running(two):
    meet, told, begun, late = threading.Barrier(2, timeout=30), threading.Event(), [], []

    def work(n):
        begun.append(n)
        if n < 2:
            meet.wait()
        if n == 0:
            raise ValueError('piece 0')
        late.append(told.wait(0.2))  # is the error known outside while this one still runs?

    with pytest.raises(ValueError, match='piece 0'):
        threads.run_all(work, list(range(20)))
    told.set()
    assert len(late) == len(begun) - 1 and not any(late)


def test_pieces_really_run_at_once(two):
    """Two pieces that wait for each other end only if both run."""
    meet = threading.Barrier(2, timeout=30)
    threads.run_all(lambda _: meet.wait(), [0, 1])


def test_a_piece_that_has_pieces_does_them_itself(two):
    """They would wait for a thread that waits for them."""
    def who(_):
        return threading.get_ident()

    for idents in threads.run_all(lambda _: [who(_), *threads.run_all(who, [0, 1])], [0, 1]):
        assert len(set(idents)) == 1


def test_gradient_in_pieces_is_the_gradient(monkeypatch):
    config = GPTConfig(vocab_size=50, block_size=64, n_embd=16, n_head=2, n_layer=1)
    model = GPT(config, np.random.default_rng(0), np.float64)
    data = np.random.default_rng(1).integers(0, 50, 2000)
    run = TrainConfig(batch_size=13, accumulate=2)
    found = []
    for n in (1, 3):
        monkeypatch.setattr(threads, 'workers', lambda n=n: n)
        found.append(finish(gradient(model, data, run, np.random.default_rng(2))))
    assert found[0][0] == pytest.approx(found[1][0])
    np.testing.assert_allclose(found[0][1], found[1][1], atol=1e-12)


def test_the_environment_decides_how_many():
    found = subprocess.run(
        [sys.executable, '-c', 'from minigpt.backend import threads; print(threads.workers())'],
        env=os.environ | {'OPENBLAS_NUM_THREADS': '1', 'PYTHONPATH': os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True)
    assert found.stdout == '1\n'
