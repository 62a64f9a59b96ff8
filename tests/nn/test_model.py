"""The whole model: its gradients, its causality, its first loss, and what it refuses."""

import math

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, MinigptError, Trace
from minigpt.nn.loss import cross_entropy_forward

TINY = GPTConfig(vocab_size=11, block_size=6, n_embd=8, n_head=2, n_layer=2)


def rough_model(config=TINY, dtype=np.float64, seed=0):
    """A model whose every parameter, biases and gains too, is away from its first value."""
    rng = np.random.default_rng(seed)
    model = GPT(config, rng, dtype)
    model.flat += rng.normal(0, 0.3, model.flat.size).astype(dtype)
    return model, rng


@pytest.fixture(scope='module')
def gradients():
    """Analytic and numeric gradient of every parameter of a two-layer model."""
    model, rng = rough_model()
    ids, targets = rng.integers(0, 11, (2, 6)), rng.integers(0, 11, (2, 6))
    _, grads = model.loss_and_grads(ids, targets)
    numeric = np.empty_like(model.flat)
    for i, value in enumerate(model.flat.copy()):
        model.flat[i] = value + 1e-6
        above = model.loss(ids, targets)
        model.flat[i] = value - 1e-6
        numeric[i] = (above - model.loss(ids, targets)) / 2e-6
        model.flat[i] = value
    return grads, type(grads)(numeric, model.shapes)


@pytest.mark.parametrize('name', GPT(TINY).shapes)
def test_gradient_equals_finite_differences(gradients, name):
    grads, numeric = gradients
    np.testing.assert_allclose(grads[name], numeric[name], rtol=1e-5, atol=1e-8)
    assert np.abs(grads[name]).max() > 1e-6  # a gradient of 0 would pass any comparison with 0


def test_a_later_token_changes_nothing_before_it():
    model, rng = rough_model(dtype=np.float32)
    ids = rng.integers(0, 11, (1, 6))
    changed = ids.copy()
    changed[0, 4] = (ids[0, 4] + 1) % 11
    before, after = model.forward(ids)[0], model.forward(changed)[0]
    np.testing.assert_array_equal(before[:4], after[:4])
    assert not np.allclose(before[4], after[4])


def test_first_loss_is_that_of_guessing():
    config = GPTConfig(vocab_size=1000, block_size=32, n_embd=64, n_head=4, n_layer=2)
    rng = np.random.default_rng(0)
    ids = rng.integers(0, 1000, (4, 33))
    loss = GPT(config, rng).loss(ids[:, :-1], ids[:, 1:])
    assert abs(loss - math.log(1000)) < 0.1


def test_loss_is_minus_log_probability_of_the_target():
    logits = np.log(np.array([[[0.5, 0.25, 0.25]]]))
    assert cross_entropy_forward(logits, np.array([[1]]))[0] == pytest.approx(math.log(4))


def test_parameters_are_views_of_one_vector():
    model, _ = rough_model()
    model.params['h.1.mlp.c_fc.weight'][2, 3] = 42
    assert 42 in model.flat
    assert sum(view.size for view in model.params.values()) == model.n_params
    assert all(np.shares_memory(view, model.flat) for view in model.params.values())


def test_shipped_size_has_the_parameters_of_its_formula():
    V, T, C, L = 1000, 128, 128, 4
    block = 12 * C * C + 13 * C
    assert GPT(GPTConfig()).n_params == V * C + T * C + L * block + 2 * C


def test_trace_holds_what_the_forward_pass_computed():
    model, rng = rough_model()
    ids = rng.integers(0, 11, (2, 5))
    trace = Trace()
    logits = model.forward(ids, trace=trace)
    np.testing.assert_array_equal(trace['logits'], logits)
    assert trace['h.0.attn.q'].shape == (2, 2, 5, 4)
    weights = trace['h.1.attn.weights']
    np.testing.assert_allclose(weights.sum(-1), 1)
    assert not np.triu(weights, 1).any()
    rebuilt = trace['embed'] + trace['h.0.attn.out'] + trace['h.0.mlp.out']
    np.testing.assert_allclose(rebuilt, trace['h.0.resid_post'])
    np.testing.assert_array_equal(logits, model.forward(ids))


@pytest.mark.parametrize(('ids', 'words'), [
    ([[11]], 'from 0 to 10'), ([[-1]], 'from 0 to 10'), ([1, 2], 'shape'), ([[]], 'not empty'),
    ([[0.5]], 'whole numbers'), ([[0] * 7], 'context of 6')])
def test_bad_ids_are_named(ids, words):
    with pytest.raises(MinigptError, match=words):
        GPT(TINY).forward(np.array(ids))


@pytest.mark.parametrize('sizes', [{'n_embd': 10, 'n_head': 4}, {'n_layer': 0}, {'vocab_size': -1},
                                   {'block_size': 1.5}, {'n_layer': True}])
def test_impossible_sizes_are_refused(sizes):
    with pytest.raises(MinigptError):
        GPTConfig(**sizes)
