"""Generation: the fast way equals the obvious way, a seed repeats it, it stops when it should."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, generate
from minigpt.errors import SamplingError, TextError
from minigpt.inference import next_token_distribution
from minigpt.inference.sampling import draw

CONFIG = GPTConfig(vocab_size=50, block_size=16, n_embd=16, n_head=4, n_layer=2)


@pytest.fixture(scope='module')
def model():
    rng = np.random.default_rng(0)
    model = GPT(CONFIG, rng)
    model.flat += rng.normal(0, 0.2, model.flat.size).astype(np.float32)
    return model


def ids_of(model, prompt, **settings):
    settings = {'max_new_tokens': 10, 'rng': np.random.default_rng(5)} | settings
    return [event.token_id for event in generate(model, prompt, **settings)]


def test_generation_equals_the_slow_obvious_loop(model):
    """Read the whole window anew for each token, forgetting the older half when it is full."""
    window, rng, expected = [1, 2, 3], np.random.default_rng(5), []
    for _ in range(40):
        if len(window) > 16:
            window = window[-8:]
        logits = model.forward(np.array([window]))[0, -1]
        token_id = draw(next_token_distribution(logits, 0.9, 20, 0.95).probs, rng)
        window.append(token_id)
        expected.append(token_id)
    assert ids_of(model, [1, 2, 3], max_new_tokens=40, temperature=0.9, top_k=20,
                  top_p=0.95) == expected


def test_same_seed_same_text_other_seed_other_text(model):
    assert ids_of(model, [1]) == ids_of(model, [1])
    assert ids_of(model, [1]) != ids_of(model, [1], rng=np.random.default_rng(6))


def test_events_carry_the_distribution_they_were_drawn_from(model):
    events = list(generate(model, [1, 2], max_new_tokens=5, top_k=3, rng=np.random.default_rng(0)))
    assert [event.index for event in events] == [0, 1, 2, 3, 4]
    assert [event.context_len for event in events] == [2, 3, 4, 5, 6]
    assert all(event.distribution.probs[event.token_id] > 0 for event in events)
    assert all(event.distribution.kept.sum() == 3 for event in events)


def test_stop_id_is_the_last_event(model):
    text = ids_of(model, [1])
    assert ids_of(model, [1], stop_ids=[text[4]]) == text[:text.index(text[4]) + 1]


def test_closing_stops(model):
    events = generate(model, [1], max_new_tokens=10, rng=np.random.default_rng(0))
    next(events)
    events.close()
    assert list(events) == []


def test_the_prompt_is_left_alone(model):
    prompt = [1, 2, 3]
    ids_of(model, prompt, max_new_tokens=20)
    assert prompt == [1, 2, 3]


def test_bad_requests_are_refused_at_the_call(model):
    rng = np.random.default_rng(0)
    with pytest.raises(TextError, match='17 tokens.*16.*shorten it by 1'):
        generate(model, [0] * 17, rng=rng)
    with pytest.raises(TextError, match='empty'):
        generate(model, [], rng=rng)
    with pytest.raises(SamplingError, match='top_p'):
        generate(model, [1], top_p=0, rng=rng)
    with pytest.raises(SamplingError, match='at least 1'):
        generate(model, [1], max_new_tokens=0, rng=rng)
