"""The whole model: its gradients, its causality, its first loss, and what it refuses."""

import math
from dataclasses import replace

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, MinigptError, Trace
from minigpt.inference import KVCache
from minigpt.nn.loss import cross_entropy_backward, cross_entropy_forward
from minigpt.nn.parameters import NamedViews

TINY = GPTConfig(vocab_size=11, block_size=6, n_embd=8, n_head=2, n_layer=2)


def rough_model(config=TINY, dtype=np.float64, seed=0):
    """A model whose every parameter, biases and gains too, is away from its first value."""
    rng = np.random.default_rng(seed)
    model = GPT(config, rng, dtype)
    model.flat += rng.normal(0, 0.3, model.flat.size).astype(dtype)
    return model, rng


KINDS = {
    'gpt2': {}, 'sinusoidal': {'position': 'sinusoidal'}, 'rope': {'position': 'rope'},
    'rmsnorm': {'norm': 'rmsnorm'}, 'relu': {'activation': 'relu'},
    'swiglu': {'activation': 'swiglu'}, 'gqa': {'n_kv_head': 1}, 'untied': {'tied_head': False},
    'dropout': {'dropout': 0.3},
    'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 1,
              'tied_head': False},
}


@pytest.fixture(scope='module', params=KINDS)
def kind(request):
    return replace(TINY, **KINDS[request.param])


def test_gradient_of_every_parameter_equals_finite_differences(kind):
    model, rng = rough_model(kind)
    ids, targets = rng.integers(0, 11, (2, 6)), rng.integers(0, 11, (2, 6))

    def loss_and_grads():
        return model.loss_and_grads(ids, targets, dropout_rng=np.random.default_rng(8))

    _, grads = loss_and_grads()
    numeric = NamedViews(np.empty_like(model.flat), model.shapes)
    for i, value in enumerate(model.flat.copy()):
        model.flat[i] = value + 1e-6
        above, _ = loss_and_grads()
        model.flat[i] = value - 1e-6
        below, _ = loss_and_grads()
        numeric.flat[i] = (above - below) / 2e-6
        model.flat[i] = value
    for name in model.shapes:
        np.testing.assert_allclose(grads[name], numeric[name], rtol=1e-5, atol=1e-8,
                                   err_msg=name)
        assert np.abs(grads[name]).max() > 1e-6, f'{name}: 0 would pass any comparison with 0'


def test_a_trace_changes_neither_loss_nor_gradients(kind):
    """Dropout too is the same: of the attention weights as of the rest."""
    model, rng = rough_model(kind)
    ids, targets = rng.integers(0, 11, (2, 6)), rng.integers(0, 11, (2, 6))
    unseen, seen = (model.loss_and_grads(ids, targets, dropout_rng=np.random.default_rng(8),
                                         trace=trace) for trace in (None, Trace()))
    assert seen[0] == pytest.approx(unseen[0], rel=1e-12)
    np.testing.assert_allclose(seen[1].flat, unseen[1].flat, rtol=1e-9, atol=1e-12)


def test_kv_cache_gives_the_logits_of_the_whole_text(kind):
    model, rng = rough_model(kind)
    ids = rng.integers(0, 11, (2, 6))
    cache = KVCache(kind, batch=2, like=model.flat)
    parts = [model.forward(ids[:, start:end], kv_cache=cache)
             for start, end in ((0, 3), (3, 4), (4, 6))]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), model.forward(ids), atol=1e-12)


def test_a_kv_cache_grows_with_what_is_read():
    model, rng = rough_model(replace(TINY, block_size=600))
    ids = rng.integers(0, 11, (2, 600))
    cache, logits, rooms = KVCache(model.config, batch=2, like=model.flat), [], []
    for start, end in ((0, 255), (255, 256), (256, 257), (257, 590), (590, 600)):
        logits.append(model.forward(ids[:, start:end], kv_cache=cache))
        rooms.append(cache.keys.shape[3])
        cache.select([0, 1])
    assert rooms == [256, 256, 512, 600, 600]
    np.testing.assert_allclose(np.concatenate(logits, axis=1), model.forward(ids), atol=1e-12)


def test_shared_key_heads_equal_a_model_with_copies_of_them():
    """GQA with one key head for two query heads is full attention whose key heads are equal."""
    shared, rng = rough_model(replace(TINY, n_kv_head=1))
    full = GPT(TINY, dtype=np.float64)
    C, D = TINY.n_embd, TINY.head_width
    for name, view in full.params.items():
        source = shared.params[name]
        if '.c_attn.' in name:
            q, k, v = np.split(source, [C, C + D], axis=-1)
            source = np.concatenate([q, k, k, v, v], axis=-1)
        view[...] = source
    ids = rng.integers(0, 11, (2, 6))
    np.testing.assert_allclose(shared.forward(ids), full.forward(ids), atol=1e-12)


def test_a_later_token_changes_nothing_before_it(kind):
    model, rng = rough_model(kind, dtype=np.float32)
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


@pytest.mark.parametrize(('dtype', 'gap', 'told'), [
    (np.float32, 80, 80), (np.float32, 200, 87.3365), (np.float64, 200, 200),
    (np.float64, 1000, 708.3964)])
def test_a_hopeless_guess_has_a_finite_loss_and_the_exact_gradient(dtype, gap, told):
    logits, target = np.array([[[gap, 0, gap - 3]]], dtype), np.array([[1]])
    loss, cache = cross_entropy_forward(logits, target)
    assert loss == pytest.approx(told + (math.log1p(math.exp(-3)) if told == gap else 0), rel=1e-6)
    likely = 1 / (1 + math.exp(-3))
    np.testing.assert_allclose(cross_entropy_backward(cache), [[[likely, -1, 1 - likely]]], 1e-6)


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
    # Without a trace the weights are not kept, and sums are taken in another order.
    np.testing.assert_allclose(logits, model.forward(ids), atol=1e-12)


@pytest.mark.parametrize(('ids', 'words'), [
    ([[11]], 'from 0 to 10'), ([[-1]], 'from 0 to 10'), ([1, 2], 'shape'), ([[]], 'not empty'),
    ([[0.5]], 'whole numbers'), ([[0] * 7], 'context of 6')])
def test_bad_ids_are_named(ids, words):
    with pytest.raises(MinigptError, match=words):
        GPT(TINY).forward(np.array(ids))


@pytest.mark.parametrize('sizes', [{'n_embd': 10, 'n_head': 4}, {'n_layer': 0}, {'vocab_size': -1},
                                   {'block_size': 1.5}, {'n_layer': True},
                                   {'position': 'alibi'}, {'n_head': 4, 'n_kv_head': 3},
                                   {'position': 'rope', 'n_embd': 6, 'n_head': 2}, {'dropout': 1.0}])
def test_impossible_sizes_are_refused(sizes):
    with pytest.raises(MinigptError):
        GPTConfig(**sizes)


def test_targets_of_another_shape_are_named():
    model, rng = rough_model()
    ids = rng.integers(0, 11, (2, 6))
    for targets in (ids[:, :5], ids[:1], ids[0], [[1, 2], [3]][:1]):
        for ask in (model.loss, model.loss_and_grads):
            with pytest.raises(MinigptError, match=r'shape of the ids, \(2, 6\)'):
                ask(ids, targets)
