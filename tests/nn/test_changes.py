"""What is put in the place of an intermediate is what the rest of the model goes on with."""

from dataclasses import replace

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, Trace
from minigpt.errors import ConfigError
from minigpt.inference import KVCache
from minigpt.nn.attention import attention_weights
from minigpt.nn.changes import cut, forced, tempered, together, unmasked, without, without_head

CONFIG = GPTConfig(vocab_size=11, block_size=100, n_embd=8, n_head=4, n_layer=2)
KINDS = {'gpt2': CONFIG, 'llama': replace(CONFIG, position='rope', norm='rmsnorm', n_kv_head=2,
                                          activation='swiglu', tied_head=False)}
T = 70  # more than one block of queries


@pytest.fixture(params=KINDS)
def model(request):
    rng = np.random.default_rng(0)
    made = GPT(KINDS[request.param], rng, np.float64)
    made.flat += rng.normal(0, 0.3, made.flat.size)
    return made


@pytest.fixture
def ids():
    return np.random.default_rng(1).integers(0, 11, (2, T))


def traced(model, ids, change=None):
    trace = Trace()
    model.forward(ids, trace=trace, change=change)
    return trace


def test_a_change_that_changes_nothing_is_asked_for_every_step_of_the_trace(model, ids):
    asked = []

    def change(name, value):
        asked.append(name)
        return value
    logits = model.forward(ids, change=change)
    np.testing.assert_allclose(logits, model.forward(ids), atol=1e-12)
    assert asked == list(traced(model, ids))


def test_the_steps_of_the_trace_are_those_of_the_fast_way(model, ids):
    trace = traced(model, ids)
    for layer in range(2):
        q, k, mask = (trace[f'h.{layer}.attn.{it}'] for it in ('q', 'k', 'mask'))
        weights = trace[f'h.{layer}.attn.weights']
        np.testing.assert_allclose(weights.reshape(2, k.shape[1], -1, T), attention_weights(q, k),
                                   atol=1e-14)
        assert not weights[:, :, np.isinf(mask)].any()
        group = q.shape[1] // k.shape[1]
        dots = np.einsum('bhtd,bhsd->bhts', q, np.repeat(k, group, axis=1))
        np.testing.assert_allclose(trace[f'h.{layer}.attn.dots'], dots, atol=1e-12)
        scores = np.where(np.isinf(mask), -np.inf, dots / np.sqrt(2))
        np.testing.assert_allclose(trace[f'h.{layer}.attn.scores'], scores, atol=1e-12)


def test_a_part_switched_off_adds_nothing_to_the_stream(model, ids):
    trace = traced(model, ids, without('h.1.mlp.out'))
    np.testing.assert_array_equal(trace['h.1.resid_post'], trace['h.1.resid_mid'])
    np.testing.assert_array_equal(trace['h.0.resid_post'], traced(model, ids)['h.0.resid_post'])


def test_a_head_switched_off_leaves_the_others(model, ids):
    plain, trace = traced(model, ids), traced(model, ids, without_head(0, 2, model.config))
    heads = trace['h.0.attn.heads']
    assert not heads[..., 4:6].any()
    np.testing.assert_array_equal(np.delete(heads, [4, 5], -1),
                                  np.delete(plain['h.0.attn.heads'], [4, 5], -1))
    assert np.abs(trace['logits'] - plain['logits']).max() > 1e-3


def test_forced_attention_takes_the_value_of_one_token(model, ids):
    trace = traced(model, ids, forced(0, 3, query=9, key=4))
    v = trace['h.0.attn.v'][:, -1, 4]  # head 3 is served by the last key head
    np.testing.assert_allclose(trace['h.0.attn.heads'][:, 9, 6:], v)


def test_a_cut_weight_is_shared_out_by_the_softmax(model, ids):
    plain, trace = traced(model, ids), traced(model, ids, cut(0, 1, query=5, key=2))
    before, after = (it['h.0.attn.weights'][:, 1, 5] for it in (plain, trace))
    expected = before * (np.arange(T) != 2)
    np.testing.assert_allclose(after, expected / expected.sum(-1, keepdims=True), atol=1e-12)
    np.testing.assert_array_equal(  # the first token sees itself alone
        traced(model, ids, cut(0, 1, query=0, key=0))['logits'], plain['logits'])


def test_temperature_and_mask(model, ids):
    plain = traced(model, ids)
    trace = traced(model, ids, together(tempered(0.5), unmasked()))
    scores = plain['h.0.attn.dots'] / np.sqrt(2) / 0.5
    expected = np.exp(scores - scores.max(-1, keepdims=True))
    np.testing.assert_allclose(trace['h.0.attn.weights'],
                               expected / expected.sum(-1, keepdims=True), atol=1e-12)
    # Without a mask the first token takes from the last one, beyond the first block of queries.
    v = np.repeat(trace['h.0.attn.v'], 4 // trace['h.0.attn.v'].shape[1], axis=1)
    heads = (trace['h.0.attn.weights'] @ v).transpose(0, 2, 1, 3).reshape(2, T, 8)
    np.testing.assert_allclose(trace['h.0.attn.heads'], heads, atol=1e-12)


def test_it_works_on_with_a_kv_cache(model, ids):
    cache = KVCache(model.config, 2, like=model.flat)
    change = without_head(1, 0, model.config)
    first = model.forward(ids[:, :40], kv_cache=cache, change=change)
    rest = model.forward(ids[:, 40:], kv_cache=cache, change=change)
    np.testing.assert_allclose(np.concatenate([first, rest], 1), model.forward(ids, change=change),
                               atol=1e-12)


def test_a_change_of_shape_is_refused_by_name(model, ids):
    with pytest.raises(ConfigError, match=r'h\.0\.attn\.q'):
        model.forward(ids, change=lambda name, value: value[..., 1:] if '.q' in name else value)
    with pytest.raises(ConfigError, match='NoneType'):
        model.forward(ids, change=lambda name, value: None)
