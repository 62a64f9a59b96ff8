"""The script of the inference page, run in another Python, prints what its open folds show."""

import asyncio

import numpy as np
import pytest
from take_home import printed

from minigpt.lab import shipped_lab
from pages import lab as labs
from pages.inference.page import Inference
from pages.lab import lab

CORPUS = 'Era uma vez uma menina chamada Benedita.\nO gato "dorme" {aqui}.\n\nBola na rede.\n'


@pytest.fixture
def page():
    """All folds open, and their trials run."""
    async def go():
        page = Inference(query={'n': '10', 'm': '0.02', 'picks': '3.60',
                                'open': 'surprise.influence.duel.cache.batch.way'})
        labs.change(corpus=CORPUS)
        for it in page.experiments:
            if hasattr(it, 'run') and it.section != 'cache':
                it.run()
                while it.work.running:
                    await asyncio.sleep(0)
        return page
    yield asyncio.run(go())
    labs.replace(shipped_lab())


def printed_again(page, folder) -> str:
    lab().save(folder / 'lab.safetensors')
    return printed(page, folder, folder / 'lab.safetensors')


def test_every_open_fold_is_printed_again(page, tmp_path):
    output = printed_again(page, tmp_path)
    lines = output.splitlines()
    surprise, teachers, duel, cache, batch, way = page.experiments
    decode = lab().tokenizer.decode

    bits = [[float(it.split()[-3]), float(it.split()[-1])] for it in lines if ' surprise ' in it]
    np.testing.assert_allclose(bits, np.array([surprise.bits, surprise.entropies]).T, atol=1e-5)

    cosines = [it.split()[3] for it in lines if it.startswith('line ') and ' cosine ' in it]
    shown = {row['line']: row['exact'] for row in teachers.best.rows}
    np.testing.assert_allclose([float(it) for it in cosines], [shown[it] for it in sorted(shown)],
                               atol=1e-4)
    for name, entry in duel.entries.items():
        line = next(it for it in lines if it.startswith(f'{name} '))
        assert float(line.split()[1]) == pytest.approx(entry.bits, abs=1e-3)
        assert line.endswith(repr(decode(entry.ids)))
    assert f'keys {cache.cache.keys[:, 0, :, :cache.cache.length].nbytes} bytes' in lines
    for row, written in enumerate(batch.texts['together'], 1):
        assert f'line {row} {decode(written)!r}' in lines
    stations = [it.split()[0] for it in lines if it.split()[2:3] == ['ms']]
    assert stations == [it.name for it in way.stages]
