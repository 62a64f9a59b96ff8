"""Every number of a forward pass is what its spelled-out operands give."""

import itertools
import math

import numpy as np
import pytest

from minigpt import GPT, GPTConfig
from minigpt.arithmetic import Reading, source_line
from minigpt.arithmetic.steps import steps
from minigpt.nn.counts import parts

KINDS = {
    'gpt2': {},
    'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 1,
              'tied_head': False},
    'waves': {'position': 'sinusoidal', 'activation': 'relu', 'n_kv_head': 2},
    'narrow': {'n_embd': 4, 'n_head': 1, 'n_layer': 1, 'vocab_size': 1},
}
SIZES = {'vocab_size': 11, 'block_size': 70, 'n_embd': 16, 'n_head': 4, 'n_layer': 2}


@pytest.fixture(scope='module', params=KINDS)
def reading(request) -> Reading:
    """70 tokens: more than the 64 queries that attention takes at once."""
    rng = np.random.default_rng(3)
    config = GPTConfig(**SIZES | KINDS[request.param])
    model = GPT(config, rng)
    model.flat += rng.normal(0, 0.3, model.flat.shape).astype(np.float32)  # also biases and gains
    return Reading(model, rng.integers(0, config.vocab_size, 70).tolist())


def some(shape) -> list[tuple[int, ...]]:
    """Corners, and cells in between."""
    ends = itertools.product(*({0, 1 % size, size // 2, size - 1} for size in shape))
    return sorted(ends)


def test_the_operands_give_the_traced_number_in_every_part(reading):
    for name, step in reading.steps.items():
        assert reading.array(name).shape == step.shape
        for index in some(step.shape):
            cell = reading.cell(name, index)
            assert cell.value == reading.array(name)[index]
            assert cell.computed == pytest.approx(cell.value, rel=2e-4, abs=2e-5), (name, index)


def test_each_operand_stands_where_it_says(reading):
    for name, step in reading.steps.items():
        for index in some(step.shape):
            cell = reading.cell(name, index)
            line_ends = [it.operand(i) for it in cell.lines for i in (0, len(it.values) - 1)]
            for it in [*cell.numbers.values(), *line_ends]:
                if it.name:
                    assert reading.array(it.name)[it.index] == np.float32(it.value)
                    assert it.name in (*step.reads, *step.weights)


def test_a_weight_is_only_itself(reading):
    cell = reading.cell('h.0.attn.c_proj.weight', (1, 2))
    assert cell.operation == 'learnt' and not cell.lines
    assert cell.computed == cell.value == reading.model.params[cell.name][1, 2]


def test_what_lies_ahead_is_hidden(reading):
    assert reading.cell('h.0.attn.scores', (0, 1, 2)).computed == -math.inf
    assert reading.cell('h.0.attn.weights', (0, 1, 2)).computed == 0


def test_a_place_that_is_not_there(reading):
    for index in [(0,), (-1, 0), (70, 0), (0, 0, 0)]:
        with pytest.raises(IndexError):
            reading.cell('embed', index)
    with pytest.raises(KeyError):
        reading.cell('nothing', (0, 0))


def test_the_line_of_code_is_in_the_file_that_runs(reading):
    for name, step in reading.steps.items():
        found = source_line(reading.cell(name, (0,) * len(step.shape)))
        assert found is None if name == 'tokens' else found['text'] and found['line'] > 0


@pytest.mark.parametrize('kind', KINDS)
def test_the_steps_are_the_trace_and_cost_what_is_counted(kind):
    config = GPTConfig(**SIZES | KINDS[kind])
    taken = steps(config, 9)
    trace = Reading(GPT(config, np.random.default_rng(0)), [0] * 9).trace
    assert {it.name for it in taken} == set(trace)
    assert sum(it.flops for it in taken) == sum(it.flops for it in parts(config, 9))
    before = set()
    for it in taken:
        assert before.issuperset(it.reads)
        before.add(it.name)
