"""The log-probabilities of a text are those of its tokens one by one, also in a long text."""

import math

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, MinigptError
from minigpt.inference import likelihood, log_probs, perplexity
from minigpt.inference.likelihood import entropies, log_probs_and_entropies, log_softmax
from minigpt.nn.loss import cross_entropy_forward


@pytest.fixture(scope='module')
def model():
    rng = np.random.default_rng(0)
    model = GPT(GPTConfig(vocab_size=20, block_size=8, n_embd=16, n_head=4, n_layer=2), rng)
    model.flat += rng.normal(0, 0.2, model.flat.size).astype(np.float32)
    return model


def one_by_one(model, ids, first_seen):
    """ln p of each token but the first, read from ids[first_seen(t):t]."""
    return [log_softmax(model.forward(np.array([ids[first_seen(t):t]]))[0, -1])[ids[t]]
            for t in range(1, len(ids))]


def test_short_text_equals_reading_it_token_by_token(model):
    ids = [3, 1, 4, 1, 5, 9, 2, 6, 5]  # block_size + 1: the last is only predicted
    np.testing.assert_allclose(log_probs(model, ids), one_by_one(model, ids, lambda t: 0),
                               atol=1e-5)


def test_stride_1_gives_every_token_the_whole_context(model):
    ids = np.random.default_rng(1).integers(0, 20, 30)
    np.testing.assert_allclose(log_probs(model, ids, stride=1),
                               one_by_one(model, ids, lambda t: max(0, t - 8)), atol=1e-5)


@pytest.mark.parametrize('stride', [1, 3, 4, 7, 8])
@pytest.mark.parametrize('length', [9, 10, 16, 17, 31])
def test_long_text_is_read_in_windows(model, stride, length):
    """Window w covers positions w·stride … w·stride + 7, the last one ends with the text."""
    ids = np.random.default_rng(1).integers(0, 20, length)

    def first_seen(t):
        window = 0 if t <= 8 else math.ceil((t - 8) / stride)
        return min(window * stride, length - 9)

    np.testing.assert_allclose(log_probs(model, ids, stride=stride),
                               one_by_one(model, ids, first_seen), atol=1e-5)


def test_entropy_is_the_surprise_to_be_expected(model):
    ids = np.random.default_rng(1).integers(0, 20, 9)
    found, entropy = log_probs_and_entropies(model, ids)
    np.testing.assert_allclose(found, log_probs(model, ids))
    logs = log_softmax(model.forward(ids[None, :-1])[0])
    np.testing.assert_allclose(entropy, -(np.exp(logs) * logs).sum(axis=-1), atol=1e-6)
    assert entropies(np.zeros((1, 20), np.float32)) == pytest.approx(math.log(20))
    assert entropies(np.array([0, -1e4], np.float32)) == pytest.approx(0)


def test_windows_read_at_once_change_nothing(model, monkeypatch):
    ids = np.random.default_rng(1).integers(0, 20, 60)
    expected = log_probs(model, ids)
    monkeypatch.setattr(likelihood, 'LOGITS_AT_ONCE', 8 * 20 * 3)
    np.testing.assert_allclose(log_probs(model, ids), expected, atol=1e-6)


def test_perplexity_is_exp_of_the_loss(model):
    ids = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5])
    loss, _ = cross_entropy_forward(model.forward(ids[None, :-1]), ids[None, 1:])
    assert perplexity(model, ids) == pytest.approx(math.exp(loss), rel=1e-5)


def test_guessing_has_the_perplexity_of_the_vocabulary():
    model = GPT(GPTConfig(vocab_size=20, block_size=8, n_embd=16, n_head=4, n_layer=1))
    assert perplexity(model, [1, 2, 3]) == pytest.approx(20, rel=1e-6)


def test_log_softmax_of_known_numbers():
    probs = np.array([[0.5, 0.25, 0.25], [0.9, 0.1, 0.0]])
    with np.errstate(divide='ignore'):
        logits = np.log(probs) + 700  # far beyond where exp overflows in float32
        np.testing.assert_allclose(log_softmax(logits), np.log(probs), atol=1e-12)


@pytest.mark.parametrize(('ids', 'settings', 'words'), [
    ([1], {}, 'at least 2'), ([], {}, 'at least 2'), ([1, 25, 3], {}, '0 to 19'),
    ([1, 2], {'stride': 0}, 'stride'), ([1, 2], {'stride': 9}, 'stride'),
    ([1, 2], {'stride': 1.5}, 'stride')])
def test_bad_requests_are_named(model, ids, settings, words):
    with pytest.raises(MinigptError, match=words):
        log_probs(model, ids, **settings)
