"""Each stage does what its paper says, and the draw follows the probabilities."""

import json
from pathlib import Path

import numpy as np
import pytest

from minigpt.errors import SamplingError
from minigpt.inference import next_token_distribution
from minigpt.inference.sampling import cut_by, draw, likeliest, survivors

LOGITS = np.log(np.array([0.1, 0.4, 0.3, 0.2], np.float32))


def test_plain_distribution_is_the_models_own():
    distribution = next_token_distribution(LOGITS)
    np.testing.assert_allclose(distribution.model_probs, [0.1, 0.4, 0.3, 0.2], atol=1e-7)
    np.testing.assert_array_equal(distribution.probs, distribution.model_probs)
    assert distribution.kept.all()


def test_temperature_raises_probabilities_to_its_inverse():
    expected = np.array([0.1, 0.4, 0.3, 0.2]) ** 2
    distribution = next_token_distribution(LOGITS, temperature=0.5)
    np.testing.assert_allclose(distribution.tempered_probs, expected / expected.sum(), atol=1e-6)


def test_top_k_keeps_the_k_likeliest_and_shares_anew():
    distribution = next_token_distribution(LOGITS, top_k=2)
    np.testing.assert_array_equal(distribution.kept, [False, True, True, False])
    np.testing.assert_allclose(distribution.probs, [0, 4 / 7, 3 / 7, 0], atol=1e-6)
    np.testing.assert_allclose(distribution.tempered_probs[1], 0.4, atol=1e-6)


@pytest.mark.parametrize(('top_p', 'kept'), [(0.39, 1), (0.41, 2), (0.69, 2), (0.71, 3), (1.0, 4)])
def test_top_p_keeps_the_fewest_that_reach_p(top_p, kept):
    assert next_token_distribution(LOGITS, top_p=top_p).kept.sum() == kept


def test_top_p_counts_what_top_k_left():
    assert next_token_distribution(LOGITS, top_k=2, top_p=0.56).kept.sum() == 1


def test_temperature_0_takes_the_likeliest():
    distribution = next_token_distribution(LOGITS, temperature=0)
    np.testing.assert_array_equal(distribution.probs, [0, 1, 0, 0])


@pytest.mark.filterwarnings('error')
def test_the_smallest_temperature_takes_the_likeliest_too():
    smallest = next_token_distribution(LOGITS, temperature=5e-324)
    np.testing.assert_array_equal(smallest.probs, [0, 1, 0, 0])


def test_equal_logits_keep_exactly_k():
    assert next_token_distribution(np.zeros(50, np.float32), top_k=7).kept.sum() == 7


def test_the_k_likeliest_are_the_first_k_of_a_stable_sort():
    rng = np.random.default_rng(0)
    for size in range(1, 60):
        probs = rng.integers(0, 8, size) / 8  # many equals
        for k in (None, 1, 2, 5, size, size + 1):
            np.testing.assert_array_equal(likeliest(probs, k),
                                          np.argsort(-probs, kind='stable')[:k])
    np.testing.assert_array_equal(likeliest(np.full(9, np.nan), 2), [0, 1])  # a model that diverged


def test_draws_follow_the_probabilities():
    probs = next_token_distribution(LOGITS, top_k=3).probs
    rng = np.random.default_rng(0)
    counts = np.bincount([draw(probs, rng) for _ in range(20_000)], minlength=4)
    assert counts[0] == 0
    np.testing.assert_allclose(counts / 20_000, probs, atol=0.015)


@pytest.mark.parametrize('settings', [{'temperature': -1.0}, {'temperature': float('nan')},
                                      {'temperature': float('inf')}, {'top_k': 0}, {'top_k': 1.5},
                                      {'top_p': 0}, {'top_p': 1.1}, {'top_p': float('nan')},
                                      {'min_p': -0.1}, {'min_p': 1.1}, {'min_p': float('nan')},
                                      {'repetition_penalty': 0},
                                      {'repetition_penalty': float('inf')}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(SamplingError, match=next(iter(settings))):
        next_token_distribution(LOGITS, **settings)


def test_min_p_keeps_what_is_at_least_that_fraction_of_the_likeliest():
    distribution = next_token_distribution(LOGITS, min_p=0.6)  # 0.6 · 0.4 = 0.24
    np.testing.assert_array_equal(distribution.kept, [False, True, True, False])
    np.testing.assert_allclose(distribution.probs, [0, 4 / 7, 3 / 7, 0], atol=1e-6)
    assert next_token_distribution(LOGITS, min_p=0).kept.all()
    assert next_token_distribution(LOGITS, min_p=1).kept.sum() == 1


def test_each_token_that_is_out_names_the_first_rule_that_put_it_out():
    probs = np.array([0.4, 0.3, 0.15, 0.1, 0.05, 0.0])
    assert cut_by(probs, 5, 0.9, 0.3).tolist() == ['', '', '', 'min_p', 'top_p', 'zero']
    assert cut_by(probs, 2, None).tolist() == ['', '', 'top_k', 'top_k', 'top_k', 'zero']
    for settings in ((None, None, None), (3, 0.5, None), (4, 0.99, 0.26), (None, 0.6, 1)):
        np.testing.assert_array_equal(cut_by(probs, *settings) == '', survivors(probs, *settings))


def test_repetition_penalty_weakens_what_was_seen_and_nothing_else():
    logits = np.array([2.0, -2.0, 1.0, -1.0], np.float32)
    distribution = next_token_distribution(logits, repetition_penalty=2.0, seen=[0, 1, 1])
    np.testing.assert_array_equal(distribution.penalised_logits, [1, -4, 1, -1])
    np.testing.assert_array_equal(distribution.logits, [2, -2, 1, -1])
    np.testing.assert_allclose(distribution.model_probs, softmax(logits), atol=1e-7)
    np.testing.assert_allclose(distribution.probs, softmax([1, -4, 1, -1]), atol=1e-7)


def test_greedy_takes_the_likeliest_after_the_penalty():
    distribution = next_token_distribution(np.array([2.0, 1.5], np.float32), temperature=0,
                                           repetition_penalty=1.5, seen=[0])
    assert distribution.probs[1] == 1


def softmax(logits):
    powers = np.exp(np.asarray(logits, float))
    return powers / powers.sum()


def golden():
    cases = json.loads((Path(__file__).parents[1] / 'golden' / 'sampling.json').read_text())
    return [pytest.param(case, id=' '.join(f'{k}={v}' for k, v in case['settings'].items()))
            for case in cases]


@pytest.mark.parametrize('case', golden())
def test_probabilities_equal_those_of_transformers(case):
    logits = np.array(case['logits'], np.float32)
    distribution = next_token_distribution(logits, seen=case['seen'], **case['settings'])
    np.testing.assert_allclose(distribution.probs, case['probs'], atol=1e-6)


def test_damaged_weights_are_named():
    with pytest.raises(SamplingError, match='not numbers'):
        next_token_distribution(np.array([0, np.nan], np.float32))
