"""What a helper is to do for a piece of a batch, written down; test_simd_in_chromium lets one
do it."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
from cases import LEARNED, MODERN

from minigpt.backend import commands, matmul, plan
from minigpt.backend.commands import CannotPlan
from minigpt.nn.parameters import count, parameter_shapes
from minigpt.training import beside

SOURCE = Path(plan.__file__).parent / 'kernels' / 'helper_thread.c'
SHAPE = 3, 13


def test_commands_have_the_numbers_of_the_kernels():
    listed = re.search(r'#define KERNELS\(X\)(.*?)\n\n', SOURCE.read_text(encoding='utf-8'), re.S)[1]
    assert re.findall(r'X\((\w+),', listed) == list(commands.COMMANDS)


@pytest.mark.parametrize('config', [LEARNED, MODERN], ids=['learned', 'modern'])
def test_a_whole_model_is_planned(config):
    program = beside._program(config, SHAPE)
    words, kernels = program.words.tolist(), []
    while words[0]:
        kernels.append(words[1])
        words = words[words[0]:]
    assert words == [0]
    assert kernels.count(commands.NUMBERS['attention_backward']) == config.n_layer
    (chosen, _), (grad, place) = program.results
    assert chosen == SHAPE and grad == (count(parameter_shapes(config)),)
    assert place + 4 * grad[0] <= program.size


def test_what_the_thread_has_no_kernel_for_is_not_planned():
    assert beside._program(dataclasses.replace(LEARNED, activation='relu'), SHAPE) is None
    assert beside._program(dataclasses.replace(LEARNED, block_size=600), (1, 600)) is None
    with pytest.raises(CannotPlan):
        plan.planned(lambda put: [np.zeros_like(put(np.ones(1)), shape=(plan.MOST,))], [])
    with pytest.raises(CannotPlan):
        plan.planned(lambda put: [matmul(put(np.ones((2, 2, 2))), put(np.ones((2, 2, 2))))], [])


def test_memory_is_used_again_when_nobody_holds_it():
    def work(put):
        x = put(np.ones(1000))
        for _ in range(50):
            x = x + x
        return [x]

    assert plan.planned(work, []).size < 20_000
