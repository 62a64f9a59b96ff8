"""What is forgotten for the snapshot is computed again, the same, when it is asked for."""

import numpy as np

from pages import asleep
from pages.attention.page import Attention
from pages.inference.continuation import Continuation, Sampling
from pages.lab import lab
from pages.model.page import Model
from pages.transformer.kin import KinRace
from pages.transformer.page import Transformer


def test_traces_are_dropped_and_come_back_equal():
    readings = [(Attention().passes, 'plain'), (Model().reading, 'trace'),
                (Transformer().reading, 'whole')]
    before = [getattr(owner, name) for owner, name in readings]
    asleep.forget()
    assert [name in vars(owner) for owner, name in readings] == [False] * 3
    for (owner, name), old in zip(readings, before, strict=True):
        new = getattr(owner, name)
        assert new is not old and new.keys() == old.keys()
        assert all(np.array_equal(new[key], old[key]) for key in old)


def test_models_that_have_not_learnt_come_from_their_seed_again():
    race = KinRace(lab())
    old = race.model('rope').flat
    asleep.forget()
    assert race.model('rope').flat is not old
    assert np.array_equal(race.model('rope').flat, old)


def test_a_text_goes_on_as_it_would_have_without_its_cache():
    texts = [Continuation(lab().model, [5, 6, 7], seed=1) for _ in range(2)]
    texts[0].step(Sampling())
    asleep.forget()
    texts[0].step(Sampling())
    for _ in range(2):
        texts[1].step(Sampling())
    assert texts[0].ids == texts[1].ids
    np.testing.assert_allclose(texts[0].pending, texts[1].pending, rtol=1e-4, atol=1e-4)


def test_weights_of_half_precision_are_zeros_while_folded_and_others_stay():
    exact, other = np.array([0.5, -3, 65504], np.float32), np.array([0.1], np.float32)
    for weights in (exact, other):
        asleep.fold(weights)
    assert not exact.any() and other[0] == np.float32(0.1)
    asleep.unfold()
    assert exact.tolist() == [0.5, -3, 65504] and other[0] == np.float32(0.1)


def test_the_shipped_model_s_can_be_folded():
    flat = lab().model.flat
    assert np.array_equal(flat, flat.astype(np.float16))
