"""All that pages measure, with a clock as coarse as a guarded browser's: see `bad_clock`."""

import asyncio
from dataclasses import replace

import pytest

from minigpt.chunking import STRATEGIES
from pages import lab as labs
from pages.chunking.page import Chunking
from pages.inference import batch, cache
from pages.inference.page import Inference
from pages.portal.page import Portal
from pages.training.page import Training
from pages.training.settings import FIRST
from pages.transformer.kin import KinRace
from pages.transformer.kin_part import KinPart
from pages.transformer.page import Transformer

TINY = replace(FIRST, vocab_size=270, block_size=16, n_embd=16, n_head=2, n_layer=1, batch_size=4,
               steps=30, eval_every=10, eval_batches=2, warmup=3)
pytestmark = pytest.mark.usefixtures('shipped_again')


async def over(work) -> None:
    while work.running:
        await asyncio.sleep(0)


def test_the_six_strategies_are_timed(bad_clock):
    labs.change(corpus='Uma frase. Outra, mais longa que ela.\n\n' * 20)
    page = Chunking()

    async def run():
        page.start()
        await over(page.timing)
    asyncio.run(run())
    assert page.failure == '' and [it.strategy for it in page.timings] == list(STRATEGIES)
    speeds = [it.megabytes_per_second for it in page.timings]
    assert set(speeds) == {None} if bad_clock == 'still' else min(speeds) > 0
    rows = page._view.measures.speed.rows
    shares = [it['share'] for it in rows]
    assert max(shares) == (0 if bad_clock == 'still' else 1)
    assert (rows[0]['cells'][2]['text'] == '–') == (bad_clock == 'still')


def test_a_training_runs_and_is_forecast(bad_clock):
    async def run():
        labs.change(corpus='O rato roeu a roupa do rei de Roma, e a rainha remendou. ' * 80)
        page = Training()
        page.settings = TINY
        page.show()
        await over(page.weighing)
        assert page.forecast.seconds(10) > 0 or bad_clock == 'still'
        page.begin()
        while page.running:
            await asyncio.sleep(0)
        return page
    page = asyncio.run(run())
    assert page.failure == '' and page.desk.step == 30
    assert (page.desk.history.speed.last() is None) == (bad_clock == 'still')


@pytest.mark.parametrize('name', ['way', 'batch', 'cache', 'duel', 'influence'])
def test_the_experiments_come_to_their_end(bad_clock, name, monkeypatch):
    monkeypatch.setattr(batch, 'ROUNDS', 1)
    monkeypatch.setattr(cache, 'TURNS', 1)
    labs.change(corpus='Era uma vez um rei.\nEra uma vez um gato.\n')
    page = Inference()
    trial = next(it for it in page.experiments if it.section == name)
    trial.open = True

    async def run():
        trial.run()
        await over(trial.work)
    asyncio.run(run())
    assert page.failure == '' and trial.share == 1
    if name == 'way':
        assert bad_clock != 'still' or trial.picture.total.startswith('< ')
        assert not any(it['time'].startswith('< 0,01 ') for it in trial.picture.stations
                       if bad_clock != 'still')


def test_what_is_written_tells_a_speed_or_none(bad_clock):
    async def run():
        portal, inference = Portal(), Inference()
        portal.another()
        inference.generate()
        for page in (portal, inference):
            await over(page.work)
            speed = page.work.per_second
            assert page.failure == '' and (speed is None or speed > 0 and bad_clock != 'still')
    asyncio.run(run())


def test_the_race_of_kins_has_times_or_dashes(bad_clock):
    page = Transformer()
    part = next(it for it in page.parts if isinstance(it, KinPart))
    part.race = KinRace(labs.lab())
    for _, step in zip(range(20), part.race.updates()):
        part.paint_race()
    assert page.failure == ''
