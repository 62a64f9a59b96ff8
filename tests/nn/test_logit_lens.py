"""The stream read half way, and a logit taken apart: the pieces must give the whole."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, Trace
from minigpt.nn import logit_lens as logit_lens_module
from minigpt.nn.logit_lens import (direct_contributions, head_parts, logit_lens, stream_parts,
                                   stream_stops)

KINDS = {'gpt2': {}, 'sinusoidal': {'position': 'sinusoidal'},
         'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 1,
                   'tied_head': False}}


@pytest.fixture(params=KINDS)
def read(request):
    """A model, ids and their trace; gains and biases are not the trivial ones of a new model."""
    rng = np.random.default_rng(3)
    model = GPT(GPTConfig(30, 12, 16, 4, 3, **KINDS[request.param]), rng, np.float64)
    for name, view in model.params.items():
        if view.ndim == 1:
            view += rng.normal(0, 0.3, view.shape)
    ids, trace = rng.integers(0, 30, (2, 9)), Trace()
    model.forward(ids, trace=trace)
    return model, ids, trace


def test_the_lens_at_the_last_stop_is_the_model(read):
    model, _, trace = read
    last = stream_stops(model.config.n_layer)[-1]
    np.testing.assert_allclose(logit_lens(model, trace[last]), trace['logits'], atol=1e-12)


def test_the_lens_asks_the_backend_for_rows_even_of_one_vector(read, monkeypatch):
    model, _, trace = read
    asked = []
    monkeypatch.setattr(logit_lens_module, 'matmul', lambda a, b: asked.append(a.ndim) or a @ b)
    last = trace[stream_stops(model.config.n_layer)[-1]]
    np.testing.assert_allclose(logit_lens(model, last[0, 3]), trace['logits'][0, 3], atol=1e-12)
    np.testing.assert_allclose(logit_lens(model, last), trace['logits'], atol=1e-12)
    assert asked == [2, 2]


def test_every_stop_is_in_the_trace_and_the_parts_lead_from_one_to_the_next(read):
    model, ids, trace = read
    parts, config = stream_parts(model, ids, trace), model.config
    stream = parts.pop('wte') + parts.pop('wpe', 0)
    stops = stream_stops(config.n_layer)
    np.testing.assert_allclose(stream, trace[stops[0]], atol=1e-12)
    assert len(parts) == len(stops) - 1
    for stop, added in zip(stops[1:], parts.values(), strict=True):
        stream = stream + added
        np.testing.assert_allclose(stream, trace[stop], atol=1e-12)


def test_the_heads_and_the_bias_make_what_attention_added(read):
    model, _, trace = read
    heads = head_parts(model, 1, trace['h.1.attn.heads']).sum(axis=2) + model.params['h.1.attn.c_proj.bias']
    np.testing.assert_allclose(heads, trace['h.1.attn.out'], atol=1e-12)


@pytest.mark.parametrize('place, token_id', [(0, 3), (8, 29)])
def test_direct_contributions_add_up_to_the_logit(read, place, token_id):
    model, ids, trace = read
    parts = direct_contributions(model, ids, trace, place, token_id)
    assert sum(parts.values()) == pytest.approx(trace['logits'][0, place, token_id], abs=1e-10)
    assert max(map(abs, parts.values())) > 0.01
