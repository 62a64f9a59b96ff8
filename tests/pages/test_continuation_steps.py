"""The text a page writes is the one minigpt generates; a reader's choice changes only its rest."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, generate
from minigpt.errors import TextError
from pages.inference.continuation import Continuation, Sampling

CONFIG = GPTConfig(vocab_size=50, block_size=16, n_embd=16, n_head=2, n_layer=2)
PROMPT = [3, 14, 15, 9, 2]


@pytest.fixture
def model():
    return GPT(CONFIG, np.random.default_rng(0))


def write(model, sampling, count, seed=7):
    text = Continuation(model, PROMPT, seed)
    for _ in range(count):
        text.step(sampling)
    return text


@pytest.mark.parametrize('sampling', [Sampling(), Sampling(1.3, top_k=5), Sampling(0.7, top_p=0.5),
                                      Sampling(0)])
def test_it_writes_what_generate_writes_also_past_the_context(model, sampling):
    text = write(model, sampling, 60)
    want = list(generate(model, PROMPT, max_new_tokens=60, temperature=sampling.temperature,
                         top_k=sampling.top_k, top_p=sampling.top_p,
                         rng=np.random.default_rng(7)))
    assert [it.token_id for it in text.written] == [event.token_id for event in want]
    assert [it.context_len for it in text.written] == [event.context_len for event in want]
    for it, event in zip(text.written, want):
        assert it.probability == event.distribution.probs[event.token_id]


@pytest.mark.parametrize('index', [0, 3, 11, 12, 30, 39])
def test_after_a_rewind_the_same_tokens_follow(model, index):
    text, sampling = write(model, Sampling(), 40), Sampling()
    want = [it.token_id for it in text.written]
    text.rewind(index)
    assert len(text.written) == index
    while len(text.written) < 40:
        text.step(sampling)
    assert [it.token_id for it in text.written] == want


@pytest.mark.parametrize('index', [0, 4, 20])
def test_a_choice_can_be_replayed(model, index):
    text, sampling = write(model, Sampling(), 25), Sampling()
    other = (text.written[index].token_id + 1) % 50
    text.pick(index, other, sampling)
    for _ in range(5):
        text.step(sampling)
    assert text.picks == {index: other}
    again = Continuation(model, PROMPT, 7)
    while len(again.written) < len(text.written):
        again.step(sampling, text.picks.get(len(again.written)))
    assert again.ids == text.ids


def test_the_pending_logits_are_those_of_the_next_token(model):
    text = write(model, Sampling(), 4)
    want = model.forward(np.array([text.ids]))[0, -1]
    np.testing.assert_allclose(text.logits_at(4), want, atol=1e-5)
    assert text.context_len == len(text.ids)


@pytest.mark.parametrize('prompt', [[], [1] * 17])
def test_an_unfit_prompt_is_refused(model, prompt):
    with pytest.raises(TextError):
        Continuation(model, prompt, 7)
