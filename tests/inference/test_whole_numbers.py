"""A number of things is a whole number: 2.0, NaN and ∞ are refused by name, not by an accident."""

import math

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, generate
from minigpt.errors import SamplingError
from minigpt.inference import beam_search, log_probs, next_token_distribution

MODEL = GPT(GPTConfig(11, 8, 8, 2, 1), np.random.default_rng(0))
LOGITS = np.arange(5, dtype=np.float32)
ODD = pytest.mark.parametrize('odd', [2.0, 2.5, math.nan, math.inf, '2'])


@ODD
def test_what_is_no_whole_number_is_refused(odd):
    for key, work in [
            ('top_k', lambda: next_token_distribution(LOGITS, top_k=odd)),
            ('n_beams', lambda: beam_search(MODEL, [1], n_beams=odd)),
            ('new tokens', lambda: generate(MODEL, [1], max_new_tokens=odd,
                                            rng=np.random.default_rng(0))),
            ('stride', lambda: log_probs(MODEL, [1, 2, 3], stride=odd))]:
        with pytest.raises(SamplingError, match=key):
            work()


def test_numpy_s_whole_numbers_are_whole():
    assert next_token_distribution(LOGITS, top_k=np.int64(2)).kept.sum() == 2


def test_a_penalty_beyond_what_numbers_hold_is_refused():
    with pytest.raises(SamplingError, match='repetition_penalty.*1e-45'):
        next_token_distribution(LOGITS, repetition_penalty=1e-45, seen=[1])
    strong = next_token_distribution(LOGITS, repetition_penalty=1e38, seen=[1, 4])
    assert strong.probs.argmax() == 3 and strong.probs.sum() == pytest.approx(1)
