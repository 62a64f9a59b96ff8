"""A batch gives each prompt what it would get alone, whatever the lengths of the others."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, generate
from minigpt.errors import SamplingError, TextError
from minigpt.inference import generate_batch

KINDS = {
    'gpt2': {}, 'rope': {'position': 'rope'}, 'sinusoidal': {'position': 'sinusoidal'},
    'gqa': {'n_kv_head': 2},
}
PROMPTS = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11], list(range(16)), [4, 4, 4]]


def rough_model(**kind):
    rng = np.random.default_rng(0)
    model = GPT(GPTConfig(vocab_size=50, block_size=16, n_embd=16, n_head=4, n_layer=2, **kind),
                rng)
    model.flat += rng.normal(0, 0.2, model.flat.size).astype(np.float32)
    return model


@pytest.fixture(scope='module')
def model():
    return rough_model()


def rngs():
    return [np.random.default_rng(seed) for seed in range(len(PROMPTS))]


def alone(model, **settings):
    return [list(generate(model, prompt, rng=rng, **settings))
            for prompt, rng in zip(PROMPTS, rngs())]


def together(model, **settings):
    rows = [[] for _ in PROMPTS]
    for event in generate_batch(model, PROMPTS, rngs=rngs(), **settings):
        rows[event.row].append(event)
    return rows


def assert_same(batch, single):
    for row, events in zip(batch, single):
        assert [e.token_id for e in row] == [e.token_id for e in events]
        assert [e.index for e in row] == list(range(len(row)))
        assert [e.context_len for e in row] == [e.context_len for e in events]
        for mine, its in zip(row, events):
            np.testing.assert_allclose(mine.distribution.probs, its.distribution.probs, atol=1e-5)


@pytest.mark.parametrize('kind', KINDS)
def test_each_row_is_what_it_is_alone(kind):
    model = rough_model(**KINDS[kind])
    assert_same(together(model, max_new_tokens=8), alone(model, max_new_tokens=8))


def test_also_past_the_context_and_with_every_setting(model):
    settings = {'max_new_tokens': 40, 'temperature': 1.2, 'top_k': 30, 'top_p': 0.95,
                'min_p': 0.01, 'repetition_penalty': 1.1}
    assert_same(together(model, **settings), alone(model, **settings))


def test_rows_that_stop_leave_and_the_others_go_on(model):
    single = alone(model, max_new_tokens=12)
    stop_ids = [single[0][2].token_id, single[3][5].token_id]
    batch = together(model, max_new_tokens=12, stop_ids=stop_ids)
    assert_same(batch, alone(model, max_new_tokens=12, stop_ids=stop_ids))
    assert len(batch[0]) <= 3 and len({len(row) for row in batch}) > 1


def test_a_short_prompt_is_written_while_a_long_one_is_read(model):
    first = next(generate_batch(model, PROMPTS, rngs=rngs()))
    assert (first.row, first.context_len) == (1, 1)


def test_bad_batches_are_refused_at_the_call(model):
    with pytest.raises(SamplingError, match='at least one prompt'):
        generate_batch(model, [], rngs=[])
    with pytest.raises(SamplingError, match='5 prompts and 1 generators'):
        generate_batch(model, PROMPTS, rngs=rngs()[:1])
    with pytest.raises(TextError, match='empty'):
        generate_batch(model, [[1], []], rngs=rngs()[:2])
    with pytest.raises(TextError, match='17 tokens'):
        generate_batch(model, [[1], [0] * 17], rngs=rngs()[:2])
