"""The script of the training page, run in another Python, prints the curve that the page drew."""

import asyncio
import re
from dataclasses import replace

import pytest
from take_home import printed

from pages.training.page import Training
from pages.training.settings import FIRST, write_settings

TEXT = 'Quem com ferro fere com "ferro" será ferido, diz o \\velho\\ ditado do {povo}. ' * 20
SMALL = replace(FIRST, vocab_size=270, block_size=16, n_embd=16, n_head=2, n_layer=1, batch_size=4,
                steps=24, eval_every=10, eval_batches=2, warmup=3, position='rope', n_kv_head=1)
pytestmark = pytest.mark.usefixtures('shipped_again')


def curve(output: str, kind: str) -> dict[int, float]:
    return {int(step): float(loss) for step, loss in re.findall(rf'^{kind} (\d+) (\S+)$', output,
                                                                 re.MULTILINE)}


@pytest.mark.parametrize('until', [13, 20, 24])
def test_the_script_repeats_the_run(tmp_path, until):
    page = Training(query=write_settings(SMALL) | {'text': TEXT[:1500]})

    async def go():
        page.begin()
        while page.running:
            await asyncio.sleep(0)
            if page.desk.step >= until:
                page.pause()
    asyncio.run(go())
    output = printed(page, tmp_path)
    history = page.desk.history
    assert curve(output, 'loss') == pytest.approx(dict(zip(history.loss.x, history.loss.y)), abs=1e-5)
    assert curve(output, 'validation') == pytest.approx(
        dict(zip(history.validation.x, history.validation.y)), abs=1e-5)
    samples = [line for line in output.splitlines() if line.startswith('sample')]
    assert len(samples) == len(page.desk.samples)
    assert repr(page.desk.samples[-1].given + page.desk.samples[-1].text) in samples[-1]
