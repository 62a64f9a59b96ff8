"""What is kept of a run for the next visit: its curves, bounded, and what its validation tells."""

import asyncio
import json
import math

import pytest
from event_loop import in_an_event_loop

from minigpt.lab import Lab
from minigpt.training import Evaluation, TrainStep
from minigpt.training.vitals import PartVitals
from pages import lab as labs
from pages.lab import lab
from pages.training.history import History
from pages.training.kept_curves import NO_CURVES, curves_of, history_of, sound
from pages.training.page import Training
from pages.training.runs import KEY, read_runs
from pages.training.settings import Settings

TINY = Settings(vocab_size=270, block_size=16, n_embd=16, n_head=2, n_layer=1, batch_size=4,
                steps=30, eval_every=10, eval_batches=2, warmup=3)
LINE = 'O rato roeu a roupa do rei de Roma, e a rainha, com raiva, resolveu remendar.\n'
KNOWN, SHORT = LINE * 60, 'a rainha e o rei ' * 3
NEW = ''.join(f'{i} ratos roeram {7 * i % 31} roupas.\n' for i in range(200))
RUN = {'id': 1, 'name': 'um', 'settings': {}, 'text': 'ab', 'characters': 5, 'vocab_size': 300,
       'step': 4}
pytestmark = pytest.mark.usefixtures('shipped_again')


async def trained(text: str, settings: Settings = TINY) -> Training:
    labs.change(corpus=text)
    page = Training()
    page.settings = settings
    page.show()
    page.begin()
    await rest(page)
    return page


async def rest(page) -> None:
    while page.running:
        await asyncio.sleep(0)
    assert page.failure == ''


def next_visit() -> Training:
    """The page as it opens on what the browser kept."""
    labs.replace(Lab.from_bytes(lab().to_bytes()))
    labs.change(settings=json.loads(json.dumps(lab().settings)))
    page = Training()
    page.show()
    return page


def lines(chart) -> dict[str, int]:
    """How many points each of its lines has."""
    return {it['id']: len(it['x']) for it in chart.lines}


def long_run(parts: int, steps: int = 3000) -> History:
    history = History()
    for step in range(1, steps + 1):
        vitals = {f'h.{i}': PartVitals(1 / 3 + i, 2 / 3, 1e-4 / step) for i in range(parts)}
        history.take(TrainStep(step, 5.0 + 1 / step, 1e-3 / 3, 1.0 + 1 / step, 0.1,
                               1234.5678 + step, vitals=vitals))
        if step % 25 == 0:
            history.take(Evaluation(step, 4.0 + 1 / step, True))
    return history


@pytest.mark.parametrize('text, held_out, said', [
    (KNOWN, 'known', 'o texto se repete'), (NEW, 'new', ''), (SHORT, 'none', 'curto')])
@in_an_event_loop
async def test_the_next_visit_is_told_what_the_validation_tells(text, held_out, said):
    page = await trained(text)
    before = page.view.told.verdict.paragraphs
    assert page.desk.held_out == held_out and said in before[-1]
    again = next_visit()
    assert again.desk.session is None and again.desk.held_out == held_out
    assert again.view.told.verdict.paragraphs == before


@in_an_event_loop
async def test_the_next_visit_has_every_chart():
    history = (await trained(KNOWN)).desk.history
    charts = next_visit().view.charts
    assert lines(charts.gradients) == {'all': 30} | {
        part: len(it.x) for part, it in history.gradients.items()}
    assert lines(charts.ratios) == {part: len(it.x) for part, it in history.ratios.items()}
    assert lines(charts.speed) == {'speed': len(history.speed.x)} and history.speed.x
    assert lines(charts.rate)['rate'] == 30 and len(history.ratios) > 2


@in_an_event_loop
async def test_the_next_visit_has_every_sample():
    page = await trained(KNOWN)
    before, after = (it.view.told.samples.samples for it in (page, next_visit()))
    assert [it | {'loss': pytest.approx(it['loss'], rel=1e-4)} for it in before] == after
    assert len(after) == 3


@in_an_event_loop
async def test_a_run_of_the_same_name_is_not_the_model_s():
    page = await trained(KNOWN)
    name = page.desk.run_name
    page.back_to_earlier_lab()
    labs.change(name=name)
    again = next_visit()
    assert again.desk.kept_run is None and len(again.desk.runs) == 1


@in_an_event_loop
async def test_the_next_visit_reads_its_curves_once_and_tells_the_speed():
    await trained(KNOWN)
    again = next_visit()
    speed = {it['id']: it['value'] for it in again.view.told.readout.figures}['speed']
    assert speed not in ('', '–')
    assert again.desk.history is again.desk.history  # not read anew with each paint


@in_an_event_loop
async def test_a_run_that_is_taken_up_goes_on_with_its_curves_and_measures_its_own_speed():
    page = await trained(KNOWN)
    page.back_to(20)
    again = next_visit()
    again.settings = TINY
    again.one()
    await rest(again)
    history = again.desk.session.history
    assert history.speed.x == history.rate.x == [*range(1, 22)]
    last = history.speed.last()
    history.speed.y[:-1] = [1.0] * 20  # of a slower machine
    assert again.desk.seconds_per_update == pytest.approx(4 * 16 / last)
    again.back_to(20)
    assert again.desk.seconds_per_update is None


@pytest.mark.parametrize('parts, room', [(1, 15_000), (12, 45_000)])
def test_however_long_a_run_and_deep_a_model_little_is_kept(parts, room):
    curves = curves_of(long_run(parts))
    assert len(json.dumps(curves)) < room
    found = history_of(sound(json.loads(json.dumps(curves))), 3000)
    assert len(found.gradients) == len(found.ratios) == parts
    for curve in (found.speed, found.rate, found.gradient, found.ratios['h.0']):
        assert curve.x[-1] > 2900 and 20 < len(curve.x) <= 100


@pytest.mark.parametrize('foreign', [
    {'speed': [[1], []]}, {'speed': [[1], [math.nan]]}, {'speed': [[1], ['x']]}, {'speed': None},
    {'speed': [[-1], [2.0]]}, {'speed': [[1], [10 ** 400]]}, {'speed': [[1] * 300, [1.0] * 300]},
    {'step': [[1], [2.0]]}, {'gradients': [[1], [2.0]]}, {'gradients.x': [[1], [2.0]]},
    {'gradients.h.0.x': [[1], [2.0]]}, {'ratios.h.': [[1], [2.0]]}, {'other': [[1], [2.0]]},
    {'_mean': [[1], [2.0]]}])
def test_a_foreign_curve_is_left_out_and_the_run_stays(foreign):
    run, = read_runs({KEY: [RUN | {'curves': foreign | {'rate': [[1], [0.5]]}}]})
    assert run.curves == NO_CURVES | {'rate': [[1], [0.5]]} and run.history().rate.y == [0.5]


@pytest.mark.parametrize('held_out', [None, 3, ['new'], 'maybe', {}])
def test_what_nobody_can_tell_of_a_validation_is_not_told(held_out):
    run, = read_runs({KEY: [RUN | {'held_out': held_out}]})
    assert run.held_out == ''


@in_an_event_loop
async def test_a_run_of_an_older_file_is_shown_as_far_as_it_goes():
    older = RUN | {'name': lab().name, 'step': lab().step, 'parameters': lab().model.n_params,
                   'curves': {'loss': [[1, 2], [5.0, 4.0]], 'validation': [[2], [4.5]]}}
    labs.change(settings={KEY: [older]})
    page = Training()
    page.show()
    assert lines(page.view.charts.loss)['train'] == 2 and page.desk.held_out == ''
    assert lines(page.view.charts.speed) == {'speed': 0}
