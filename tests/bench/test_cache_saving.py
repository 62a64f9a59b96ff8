"""What is timed with and without a cache is the same work, in turns."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig
from minigpt.bench import cache_saving as module
from minigpt.bench.cache_saving import cache_saving
from minigpt.errors import TextError


class Watched(GPT):
    """Remembers what it was asked."""
    asked: list

    def forward(self, ids, *, kv_cache=None, **more):
        start = kv_cache.length if kv_cache else 0
        logits = super().forward(ids, kv_cache=kv_cache, **more)
        self.asked.append((kv_cache is not None, start, ids.shape[1], logits[0, -1]))
        return logits


@pytest.fixture
def model():
    made = Watched(GPTConfig(vocab_size=50, block_size=16, n_embd=16, n_head=2, n_layer=2),
                   np.random.default_rng(0))
    made.asked = []
    return made


IDS = list(range(16))


def test_both_ways_give_the_same_logits_for_the_last_token(model):
    for _ in cache_saving(model, IDS, [1, 5, 16], turns=1):
        (_, start, read, cached), (plain, _, whole, uncached) = model.asked[-2:]
        assert not plain and read == 1 and whole == start + 1
        np.testing.assert_allclose(cached, uncached, atol=1e-5)


def test_lengths_take_turns_and_the_first_run_does_not_count(model, monkeypatch):
    seconds = iter([9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8])
    monkeypatch.setattr(module, 'seconds_of', lambda work: (work(), next(seconds))[1])
    steps = list(cache_saving(model, IDS, [2, 8], turns=2))
    assert [(it.length, it.turns) for it in steps] == [(2, 0), (8, 0), (2, 1), (8, 1), (2, 2), (8, 2)]
    assert (steps[4].cached, steps[4].uncached) == (3, 4)  # medians of 1, 5 and of 2, 6
    assert steps[5].ratio == 6 / 5


@pytest.mark.parametrize('length', [0, 17])
def test_a_length_that_does_not_fit_is_refused(model, length):
    with pytest.raises(TextError):
        cache_saving(model, [1] * 20, [length])
