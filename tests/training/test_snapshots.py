"""A run leaves a few of its states, evenly spread, the first among them."""

import numpy as np
import pytest

from minigpt.training import Snapshots, snapshots


def steps(kept: Snapshots) -> list[int]:
    return [step for step, _ in kept.kept]


def weights(step: int) -> np.ndarray:
    return np.full(3, step / 7, np.float32)


@pytest.mark.parametrize('last, expected', [
    (3, [0, 1, 2, 3]), (4, [0, 2, 4]), (8, [0, 4, 8]), (100, [0, 32, 64, 96])])
def test_the_spacing_doubles_and_the_first_stays(last, expected):
    kept = Snapshots(most=4)
    for step in range(last + 1):
        kept.offer(step, weights(step))
    assert steps(kept) == expected
    for step, flat in kept.kept:
        assert flat.dtype == np.float16
        np.testing.assert_allclose(flat, weights(step), rtol=1e-3)


def test_what_is_kept_does_not_change_with_the_model():
    flat, kept = weights(7), Snapshots()
    kept.offer(0, flat)
    flat[:] = 9
    kept.offer(0, flat)  # a state is offered again while a device is ahead of it
    assert kept.kept[0][1].tolist() == [1, 1, 1]


def test_a_run_taken_up_again_goes_on_with_its_states():
    first = Snapshots(most=4)
    for step in range(33):
        first.offer(step, weights(step))
    again, unbroken = Snapshots(first.kept, most=4), first
    for step in range(33, 200):
        again.offer(step, weights(step))
        unbroken.offer(step, weights(step))
        assert steps(again) == steps(unbroken)
    assert steps(again) == [0, 64, 128, 192]


def test_states_that_were_seldom_offered_say_nothing_of_the_spacing():
    first = Snapshots()
    for step in (0, 160):
        first.offer(step, weights(step))
    again = Snapshots(first.kept)
    again.offer(185, weights(185))
    assert steps(again) == [0, 160, 185]


def test_states_that_float16_cannot_hold_are_passed_over():
    kept = Snapshots()
    for step, value in enumerate([1, 1e5, np.nan, np.inf, 2]):
        kept.offer(step, np.array([0, value], np.float32))
    assert steps(kept) == [0, 4]


def test_large_models_leave_fewer_states_or_none(monkeypatch):
    monkeypatch.setattr(snapshots, 'ROOM', 10)
    kept, none = Snapshots(), Snapshots()
    for step in range(9):
        kept.offer(step, weights(step))
        none.offer(step, np.zeros(6, np.float32))
    assert steps(kept) == [0, 4, 8] and steps(none) == []
