"""Vectors of the model itself: its tables, and the states a text goes through."""

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, MinigptError, Trace
from minigpt.embeddings import (contextual_states, position_table, states_by_depth,
                                token_table)


@pytest.fixture(scope='module')
def model():
    return GPT(GPTConfig(vocab_size=20, block_size=8, n_embd=16, n_head=4, n_layer=3),
               np.random.default_rng(0))


def test_tables_are_the_models_weights(model):
    assert token_table(model) is model.params['wte.weight']
    assert position_table(model) is model.params['wpe.weight']


def test_states_are_those_of_the_trace(model):
    trace = Trace()
    model.forward(np.array([[1, 2, 3]]), trace=trace)
    for depth, name in enumerate(['embed', *(f'h.{layer}.resid_post' for layer in range(3))]):
        np.testing.assert_array_equal(contextual_states(model, [1, 2, 3], depth), trace[name][0])
    np.testing.assert_array_equal(contextual_states(model, [1, 2, 3]),
                                  trace['h.2.resid_post'][0])
    np.testing.assert_array_equal(states_by_depth(model, [1, 2, 3]), [
        contextual_states(model, [1, 2, 3], depth) for depth in range(4)])


def test_the_same_token_differs_by_what_stood_before_it(model):
    first, second = contextual_states(model, [1, 5]), contextual_states(model, [2, 5])
    assert not np.allclose(first[1], second[1])
    same = contextual_states(model, [1, 5], 0)[1] - contextual_states(model, [2, 5], 0)[1]
    np.testing.assert_array_equal(same, 0)


@pytest.mark.parametrize('depth', [-1, 4, 1.5])
def test_a_depth_that_is_not_there_is_refused(model, depth):
    with pytest.raises(MinigptError, match='from 0 .* to 3'):
        contextual_states(model, [1], depth)


def test_a_model_without_learned_positions_says_so():
    rope = GPT(GPTConfig(vocab_size=20, block_size=8, n_embd=16, n_head=4, n_layer=1,
                         position='rope'))
    with pytest.raises(MinigptError, match='no table of positions'):
        position_table(rope)
