"""The script of the model page, run in another Python, prints what the page shows."""

import re

import numpy as np
import pytest
from take_home import printed

from minigpt.nn.counts import GPT2_SIZES, parts
from pages.model.page import Model


def lines(output: str, beginning: str) -> list[str]:
    return [it for it in output.splitlines() if it.startswith(beginning)]


@pytest.mark.parametrize('place', [
    {'at': 'h.1.attn.scores', 'cell': '2.4.1'}, {'at': 'h.0.attn.c_attn.weight', 'cell': '3.7'},
    {'at': 'shares', 'cell': '3.12'}, {'at': 'h.0.attn.mask', 'cell': '1.0'}])
def test_the_cell_the_words_and_the_plan(place, tmp_path):
    page = Model(query={'text': "Era 'uma' vez {0}\n", 'plan': 'gpt2', **place})
    output = printed(page, tmp_path)
    shown = page.machine.cell
    said = lines(output, 'cell')[0].split()
    np.testing.assert_allclose([float(said[1]), float(said[-1])], shown.value, atol=1e-5)
    ids = [int(it.split()[1]) for it in lines(output, 'next')]
    assert ids[:len(page.text.ranking.rows)] == [it['id'] for it in page.text.ranking.rows]
    counted = [int(re.findall(r'\d+', it)[-2]) for it in lines(output, 'part')]
    assert counted == [it.parameters for it in parts(GPT2_SIZES['gpt2'])]


def test_without_a_text_the_plan_is_left(tmp_path):
    page = Model(query={'text': ''})
    assert lines(printed(page, tmp_path), 'bytes weights')
