"""A part that is switched off does nothing: the same as if its weights said so."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, Trace
from minigpt.errors import ConfigError
from minigpt.nn.ablation import switched_off, switches

KINDS = {'gpt2': {}, 'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu',
                               'n_kv_head': 2}}
IDS = np.random.default_rng(5).integers(0, 30, (2, 9))


@pytest.fixture(params=KINDS)
def model(request):
    rng = np.random.default_rng(3)
    model = GPT(GPTConfig(30, 12, 16, 4, 2, **KINDS[request.param]), rng, np.float64)
    model.flat += rng.normal(0, 0.1, model.flat.shape)
    return model


def without(model, *parts, trace=None):
    return model.forward(IDS, trace=trace, change=switched_off(model, IDS, parts))


def test_nothing_off_changes_nothing(model):
    np.testing.assert_allclose(without(model), model.forward(IDS), atol=1e-12)


@pytest.mark.parametrize('part', ['attn', 'mlp'])
def test_a_part_that_is_off_adds_as_much_as_one_with_weights_of_zero(model, part):
    trace = Trace()
    off = without(model, f'h.1.{part}', trace=trace)
    model.params[f'h.1.{part}.c_proj.weight'][...] = 0
    model.params[f'h.1.{part}.c_proj.bias'][...] = 0
    np.testing.assert_allclose(off, model.forward(IDS), atol=1e-12)
    assert not trace[f'h.1.{part}.out'].any()  # the trace tells what happened, not what would have


def test_a_head_that_is_off_reaches_the_projection_as_zeros(model):
    off = without(model, 'h.0.head.2')
    width = model.config.head_width
    model.params['h.0.attn.c_proj.weight'][2 * width:3 * width] = 0
    np.testing.assert_allclose(off, model.forward(IDS), atol=1e-12)


def test_without_positions_one_attention_knows_nothing_of_order(model):
    def last(ids, *parts):  # a second attention would: it reads what each token saw before it
        return model.forward(ids, change=switched_off(model, ids, ['h.1.attn', *parts]))[0, -1]

    one, other = np.array([[3, 7, 3, 11, 5]]), np.array([[11, 3, 7, 3, 5]])
    assert abs(last(one) - last(other)).max() > 1e-3
    np.testing.assert_allclose(last(one, 'position'), last(other, 'position'), atol=1e-12)


@pytest.mark.parametrize('norm, stream', [('h.1.ln_1', 'h.0.resid_post'),
                                          ('h.0.ln_2', 'h.0.resid_mid'), ('ln_f', 'h.1.resid_post')])
def test_a_norm_that_is_off_lets_the_stream_through(model, norm, stream):
    trace = Trace()
    without(model, norm, trace=trace)
    np.testing.assert_array_equal(trace[norm], trace[stream])


def test_each_switch_alone_changes_the_logits(model):
    whole = model.forward(IDS)
    for part in switches(model.config):
        assert abs(without(model, part) - whole).max() > 1e-4, part


def test_a_part_that_is_not_there_is_refused(model):
    with pytest.raises(ConfigError, match='h.7.mlp'):
        switched_off(model, IDS, {'h.7.mlp'})
