"""A token's way: each step's own value, and no time lost between them."""

import time

import numpy as np
import pytest

from minigpt import BPETokenizer, GPT, GPTConfig, Trace
from minigpt.errors import SamplingError, TextError
from minigpt.inference import next_token_distribution
from minigpt.inference.journey import journey
from minigpt.nn.trace import TimedTrace


@pytest.fixture(scope='module', params=['learned', 'rope'])
def model(request):
    return GPT(GPTConfig(vocab_size=256, block_size=16, n_embd=16, n_head=2, n_layer=3,
                         position=request.param), np.random.default_rng(0))


TOKENIZER = BPETokenizer.train('abc', 256, [])


def way(model, text='o gato', **sampling):
    return {it.name: it for it in journey(model, TOKENIZER, text, rng=np.random.default_rng(1),
                                          **sampling)}


def test_the_steps_come_in_order_and_hold_what_the_model_computed(model):
    found = way(model, temperature=0.7, top_k=5)
    blocks = [f'h.{layer}.{part}' for layer in range(3) for part in ('attn', 'mlp')]
    assert list(found) == ['encode', 'embed', *blocks, 'head', 'distribution', 'draw', 'decode']
    ids, trace = TOKENIZER.encode('o gato'), Trace()
    logits = model.forward(np.array([ids]), trace=trace)[0, -1]
    assert found['encode'].value == ids and found['encode'].shape == (6,)
    for name, recorded in (('embed', 'embed'), ('h.1.attn', 'h.1.resid_mid'),
                           ('h.2.mlp', 'h.2.resid_post'), ('head', 'logits')):
        np.testing.assert_array_equal(found[name].value, trace[recorded])
    assert found['h.0.mlp'].shape == (1, 6, 16) and found['head'].shape == (1, 6, 256)
    want = next_token_distribution(logits, temperature=0.7, top_k=5).probs
    np.testing.assert_array_equal(found['distribution'].value.probs, want)
    assert found['distribution'].shape == (256,) and found['draw'].shape == ()
    assert found['decode'].value == TOKENIZER.decode([found['draw'].value])


def test_its_seconds_are_all_of_the_forward_pass():
    trace = TimedTrace()
    started = time.perf_counter()
    for name in 'abc':
        trace[name] = np.zeros(1)
    assert list(trace.seconds) == list('abc') and min(trace.seconds.values()) >= 0
    assert sum(trace.seconds.values()) <= time.perf_counter() - started + 1e-3


def test_a_long_text_is_read_from_its_end(model):
    found = way(model, 'abcdefgh' * 5)
    assert found['encode'].shape == (40,) and found['embed'].shape == (1, 16, 16)


def test_what_does_not_fit_is_refused(model):
    with pytest.raises(TextError):
        way(model, '')
    with pytest.raises(SamplingError):
        way(model, temperature=-1)
