"""A pattern is named by its share of attention, beside what an even head would give."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, Trace
from minigpt.nn.attention_patterns import heads_weights, induction, measured, pattern_targets

IDS = [5, 3, 5, 7, 3, 5, 5]
EVEN = np.tri(7) / np.arange(1, 8)[:, None]


def heads(*weights):
    return np.stack(weights)[None]


def test_targets_are_earlier_tokens_or_the_token_itself():
    targets = pattern_targets(IDS)
    assert not any(np.triu(it, 1).any() for it in targets.values())
    assert np.argwhere(targets['same']).tolist() == [
        [2, 0], [4, 1], [5, 0], [5, 2], [6, 0], [6, 2], [6, 5]]
    assert np.argwhere(targets['previous']).tolist() == [[t, t - 1] for t in range(1, 7)]
    assert np.argwhere(targets['first']).tolist() == [[t, 0] for t in range(1, 7)]


@pytest.mark.parametrize('name', pattern_targets(IDS))
def test_a_head_of_one_pattern_has_share_1_and_an_even_one_its_chance(name):
    targets = pattern_targets(IDS)[name]
    pure = targets / np.maximum(targets.sum(1, keepdims=True), 1)
    found = measured(heads(pure, EVEN), targets)
    assert found.share[0] == pytest.approx([1, found.chance])
    assert found.is_habit(0, 0) and not found.is_habit(0, 1)


def test_a_large_share_that_chance_gives_too_is_no_habit():
    found = measured(heads(EVEN[:3, :3]), pattern_targets([1, 2, 3])['previous'])
    assert found.share[0, 0] == pytest.approx(1 / 3) and not found.is_habit(0, 0)


def test_one_strong_look_in_a_few_rows_is_no_habit():
    targets = pattern_targets(range(6))['previous']
    for T, named in ((3, False), (5, False), (6, True)):  # 1, 3 and 4 rows, from the third on
        found = measured(heads(np.eye(6, k=-1)[:T, :T]), targets[:T, :T])
        assert found.rows == T - 2 and found.share[0, 0] == 1
        assert found.is_habit(0, 0) is named


def test_a_text_without_the_pattern_is_not_measured():
    assert measured(heads(EVEN), pattern_targets(range(7))['same']) is None
    assert measured(heads(EVEN[:2, :2]), pattern_targets([1, 1])['same']) is None


def test_induction_is_measured_on_what_followed_the_last_time():
    length, rng = 6, np.random.default_rng(0)
    model = GPT(GPTConfig(8, 2 * length, 4, 1, 1))
    even = induction(model, rng, length=length)
    assert even.share[0, 0] == pytest.approx(even.chance)  # all scores are 0: an even head
    want = np.eye(2 * length, k=1 - length)  # the row t looks at t − length + 1
    forward = model.forward                  # with such weights put in place

    def led(ids, trace=None):
        return forward(ids, trace=trace, change=lambda name, value: np.broadcast_to(
            want, value.shape) if name.endswith('attn.weights') else value)
    model.forward = led
    assert induction(model, rng, length=length).share[0, 0] == pytest.approx(1)


def test_a_context_too_short_for_twice_the_same_is_not_measured():
    assert induction(GPT(GPTConfig(5, 3, 4, 1, 1)), np.random.default_rng(0)) is None


def test_weights_of_all_heads():
    model = GPT(GPTConfig(11, 7, 8, 2, 3), np.random.default_rng(0))
    trace = Trace()
    model.forward(np.array([IDS]), trace=trace)
    weights = heads_weights(trace, 3)
    assert weights.shape == (3, 2, 7, 7)
    np.testing.assert_array_equal(weights[2, 1], trace['h.2.attn.weights'][0, 1])
