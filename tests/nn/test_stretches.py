"""A text read in stretches by several threads is the text read in one go."""

from dataclasses import replace

import numpy as np
import pytest

from minigpt import GPT, GPTConfig
from minigpt.backend import threads
from minigpt.nn import stretches

TINY = GPTConfig(vocab_size=11, block_size=150, n_embd=8, n_head=2, n_layer=3)
LLAMA = replace(TINY, position='rope', norm='rmsnorm', activation='swiglu', n_kv_head=1,
                tied_head=False)


@pytest.mark.parametrize('n', [2, 3])
@pytest.mark.parametrize('config', [TINY, LLAMA], ids=['gpt2', 'llama'])
def test_logits_are_those_of_one_go(config, n, monkeypatch):
    rng = np.random.default_rng(0)
    model, ids = GPT(config, rng, np.float64), rng.integers(0, 11, (2, 150))
    model.flat += rng.normal(0, 0.3, model.flat.size)
    whole, _ = model._forward(ids)
    started = []

    class Counted(stretches.Stretch):
        def __init__(self, shared, i, start):
            started.append(i)
            super().__init__(shared, i, start)

    monkeypatch.setattr(stretches, 'Stretch', Counted)
    monkeypatch.setattr(threads, 'workers', lambda: n)
    monkeypatch.setattr(stretches, 'SMALLEST', 1)
    np.testing.assert_allclose(model.forward(ids), whole, atol=1e-12)
    assert sorted(started) == list(range(n))


def test_an_error_in_one_stretch_ends_the_others(monkeypatch):
    monkeypatch.setattr(threads, 'workers', lambda: 2)
    monkeypatch.setattr(stretches, 'SMALLEST', 1)
    k = np.zeros((1, 2, 10, 4))

    def read(ids, kv_cache):
        if kv_cache.length == 0:
            raise ValueError('the first stretch')
        return kv_cache.extend(0, k, k)[0]

    with pytest.raises(ValueError, match='the first stretch'):
        stretches.in_stretches(read, np.zeros((1, 150), int), TINY, np.float64)


def test_a_short_text_is_read_in_one_go(monkeypatch):
    monkeypatch.setattr(threads, 'workers', lambda: 2)
    ids = np.zeros((1, stretches.SMALLEST // TINY.n_embd), int)
    assert stretches.in_stretches(lambda ids, kv_cache: kv_cache, ids, TINY, np.float64) is None


@pytest.mark.parametrize(('T', 'n', 'C'), [(150, 2, 8), (512, 4, 128), (3, 3, 64)])
def test_stretches_cover_the_text_and_later_ones_are_shorter(T, n, C):
    lengths = np.diff([0, *stretches.equal_work(T, n, C)])
    assert lengths.sum() == T and (lengths > 0).all()
    assert (np.diff(lengths) <= 0).all()
