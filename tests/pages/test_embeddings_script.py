"""The script of the embeddings page, run in another Python, prints what the page shows."""

import asyncio
import re

import numpy as np
import pytest
from take_home import printed

from pages.embeddings.page import Embeddings


def numbers(line: str) -> list[float]:
    return [float(it) for it in re.findall(r'-?\d+(?:\.\d+)?(?:e-?\d+)?', line)]


def line_of(output: str, beginning: str) -> list[float]:
    return numbers(next(it for it in output.splitlines() if it.startswith(beginning)))


def check(page, output: str) -> None:
    rows = [it for it in output.splitlines() if re.match(r"\d+ ['\"]", it)]
    shown = page.map.view.list.rows + page.analogy.answers.rows
    assert [int(it.split()[0]) for it in rows] == [it['id'] for it in shown]
    np.testing.assert_allclose([float(it.split()[-1]) for it in rows],
                               [it['exact'] for it in shown], atol=1e-5)
    assert line_of(output, 'cosine')[0] == pytest.approx(page.compare.cosine, abs=1e-5)
    assert line_of(output, 'rank of') == [page.analogy.result.expected_rank]
    depths = [numbers(it)[1] for it in output.splitlines() if it.startswith('depth')]
    np.testing.assert_allclose(depths, page.context.cosines, atol=1e-5)


def test_the_opening_view(tmp_path):
    page = Embeddings()
    output = printed(page, tmp_path)
    check(page, output)
    np.testing.assert_allclose(line_of(output, 'variance'), page.map.plane.ratios, atol=1e-6)


def test_other_words_and_t_sne_half_way(tmp_path):
    page = Embeddings(query={'b': 'coração "de" {mãe}', 'an0': 'pai', 'an3': 'mãe', 'n': '60',
                             'metric': 'dot', 's1': "O rio 'da' vó", 's2': 'um rio \\n'})

    async def go():
        page.map.drawing = 'tsne'
        while page.map.run.step.iteration < 40:
            await asyncio.sleep(0)
        page.map.pause()
    asyncio.run(go())
    output = printed(page, tmp_path)
    check(page, output)
    step = page.map.run.step
    assert line_of(output, 'iteration') == pytest.approx([step.iteration, step.kl], abs=1e-3)


def test_a_model_in_training(tmp_path):
    page = Embeddings()

    async def go():
        page.map.drawing = 'training'
        while page.map.training.step < 24:
            await asyncio.sleep(0)
        page.map.pause()
    asyncio.run(go())
    assert page.map.moment == 24
    output = printed(page, tmp_path)
    check(page, output)
    np.testing.assert_allclose(line_of(output, 'variance'), page.map.plane.ratios, atol=1e-4)
