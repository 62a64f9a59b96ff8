"""The training page without a browser: runs, rests, undone, kept, and given to every page."""

import asyncio
import contextlib
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from event_loop import in_an_event_loop

from minigpt.backend.absent import Absent
from minigpt.lab import Lab, shipped_lab
from minigpt.training import Evaluation, Moved, TrainStep
from pages import lab as labs
from pages.inference.page import Inference
from pages.lab import lab
from pages.portal.page import Portal
from pages.training import desk
from pages.training.history import Curve, History
from pages.training.page import Training
from pages.training.runs import KEY, differences, read_runs
from pages.training.session import Session
from pages.training.settings import (CONTROLS, FIRST, PRESETS, preset_of, read_settings,
                                     with_preset, write_settings)
from pages.training.stored import stored_run
from pages.training.verdict import overfits, verdict
from pages.transformer.page import Transformer

TEXT = ('O rato roeu a roupa do rei de Roma, e a rainha, com raiva, resolveu remendar. '
        'Quem com ferro fere com ferro será ferido, diz o velho ditado. ') * 40
TINY = replace(FIRST, vocab_size=270, block_size=16, n_embd=16, n_head=2, n_layer=1, batch_size=4,
               steps=30, eval_every=10, eval_batches=2, warmup=3)
pytestmark = pytest.mark.usefixtures('shipped_again')


def opened(settings=TINY, text=TEXT):
    """The page on the screen, with a text and small settings."""
    labs.change(corpus=text)
    page = Training()
    page.settings = settings
    page.show()
    return page


async def rest(page, until=lambda: False):
    """Let the run go on until it rests, or is paused at once when `until` says so."""
    while page.running:
        await asyncio.sleep(0)
        if until():
            page.pause()
    assert page.failure == ''


def pause_at(page, step):
    return lambda: page.desk.step >= step


# Opening

def sent_by(chart) -> list[dict]:
    """What a chart sends from now on of lines that grow."""
    sent = []
    chart._send_msg = lambda message: sent.append(json.loads(message['tail']))
    return sent


def test_it_opens_on_a_recorded_run_with_all_curves():
    page = Training()
    history = page.desk.history
    assert page.query == {} and page.desk.session is None and history.step == 800
    assert 3.8 < history.validation.last() < 4.2 and len(page.desk.samples) == 12
    lines = page.view.charts.loss.lines
    assert [it['id'] for it in lines] == ['batch', 'train', 'validation']
    assert lines[0]['x'][-1] == 800 and len(lines[2]['x']) == 32
    assert page.view.charts.loss.marks['y'][0]['value'] == pytest.approx(math.log(512))
    assert [it['id'] for it in page.view.charts.ratios.lines] == ['embedding', 'h.0', 'h.1', 'ln_f']


def test_the_recorded_run_is_called_the_same_only_where_it_is():
    page = Training()
    page.show()
    same = page.view.told.readout.state
    assert 'igual' in same
    page.choose(steps=900)
    other = page.view.told.readout.state
    assert 'igual' not in other and 'gravado' in other
    page.choose(steps=FIRST.steps)
    assert page.view.told.readout.state == same
    labs.change(corpus=TEXT)
    assert page.view.told.readout.state == other


@in_an_event_loop
async def test_the_recorded_run_is_what_the_button_makes():
    page = Training()
    page.show()
    page.begin()
    await rest(page, pause_at(page, 20))
    recorded, live = (dict(zip(it.loss.x, it.loss.y)) for it in (
        stored_run().history, page.desk.session.history))
    # The recorded curve has points of two updates each, the means of their losses.
    means = {step: (live[step - 1] + live[step]) / 2 for step in range(2, 20, 2)}
    common = recorded.keys() & means.keys()
    assert len(common) >= 5
    for step in common:
        assert recorded[step] == pytest.approx(means[step], abs=2e-3)


def test_the_weights_to_be_tapped_are_as_large_as_a_finger_needs():
    assert Training().parts[1].matrix.tapped


# A run

@in_an_event_loop
async def test_a_run_learns_and_becomes_the_model_of_all_pages():
    page = opened()
    page.begin()
    await rest(page)
    session = page.desk.session
    assert session.step == 30 and session.error is None and session.ended
    assert session.history.smooth.last() < math.log(270) - 0.3
    assert lab().name == 'Treino 1' and lab().step == 30 and lab().corpus == TEXT
    np.testing.assert_array_equal(lab().model.flat, session.checkpoint.model.flat)
    assert lab().model is not session.checkpoint.model
    assert [step for step, _ in lab().snapshots] == [0, 10, 20]
    assert [it.step for it in page.desk.samples] == [10, 20, 30]
    assert [row['name'] for row in page.view.runs.table.rows] == ['Treino 1']
    again = Lab.from_bytes(lab().to_bytes())
    assert again.checkpoint.train_state.step == 30 and len(read_runs(again.settings)) == 1


@in_an_event_loop
async def test_the_vocabulary_is_learnt_in_sight():
    page = opened()
    page.begin()
    states = set()
    while page.running:
        await asyncio.sleep(0)
        if page.desk.session.checkpoint is None:
            states.add(page.view.told._state())
        else:
            page.pause()
    assert any('Aprendendo o vocabulário' in it for it in states)
    assert len(page.desk.session.merges) == 270 - 257


@in_an_event_loop
async def test_a_broken_up_run_is_bit_equal_to_an_unbroken_one():
    whole = opened()
    whole.begin()
    await rest(whole)
    want = lab().model.flat.copy()
    parts = opened()
    parts.one()
    await rest(parts)
    assert parts.desk.step == 1 and parts.can_go_on
    parts.one()
    await rest(parts)
    assert parts.desk.step == 2
    parts.go_on()
    await rest(parts, pause_at(parts, 9))
    assert 9 <= parts.desk.step < 30
    parts.go_on()
    await rest(parts)
    np.testing.assert_array_equal(parts.desk.session.checkpoint.model.flat, want)


@in_an_event_loop
async def test_back_to_a_kept_point_and_on_another_way():
    page = opened()
    page.begin()
    await rest(page)
    straight = page.desk.session.checkpoint.model.flat.copy()
    page.back_to(10)
    session = page.desk.session
    assert session.step == 10 and lab().step == 10 and max(session.history.loss.x) == 10
    assert [it.step for it in page.desk.samples] == [10]
    assert [it.name for it in page.desk.runs] == ['Treino 1', 'Treino 2']
    page.go_on()
    await rest(page)
    np.testing.assert_array_equal(session.checkpoint.model.flat, straight)
    page.back_to(10)
    page.choose(learning_rate=1e-4)
    page.go_on()
    await rest(page)
    assert session.step == 30 and not np.array_equal(session.checkpoint.model.flat, straight)
    assert 'mudou de rumo no passo 10' in page.view.runs.table.rows[-1]['differs']


@in_an_event_loop
async def test_back_to_the_start_leaves_nothing_of_what_came_after():
    page = opened()
    page.begin()
    await rest(page)
    told = page.view.told
    assert told.samples.samples and 'o texto se repete' in told.verdict.paragraphs[-1]
    page.back_to(0)
    assert told.samples.samples == [] and told.verdict.paragraphs == []
    assert {it['value'] for it in told.readout.figures} == {'0 / 30', '–'}


@pytest.mark.parametrize('last, known', [('b c\na b\nc d\na b\nd a\nb c', True),
                                         ('b c\na b\nc d\na x\nd a\nb c', False)])
def test_lines_that_only_change_places_are_known(last, known):
    studied = 'a b\nb c\nc d\nd a\n' * 13
    session = Session(studied + last, TINY)
    assert ''.join(session._held_out).endswith(last) and session.held_out_is_known is known


@in_an_event_loop
async def test_the_point_offered_is_the_newest_that_undoes_something():
    page = opened()
    page.begin()
    await rest(page)
    offered = page.view.moment
    assert offered.value == '20'
    page.view._undo('back')
    assert page.desk.step == 20 and offered.value == '10'
    offered.value = '0'
    page.view.paint()
    assert offered.value == '0'  # the reader's own choice stays
    page.go_on()
    await rest(page)
    assert page.desk.step == 30 and offered.value == '0'


@in_an_event_loop
async def test_the_button_that_gave_the_model_back_stays_and_says_so():
    page = opened()
    assert page.view.undo.styles['display'] == 'none'
    page.begin()
    await rest(page)
    page.view._undo('earlier')
    button = page.view.undo.buttons[-1]
    assert page.view.undo.styles['display'] == 'block'  # the reader's focus is on it
    assert button['id'] == 'earlier' and 'foi devolvido' in button['reason']


@pytest.mark.parametrize('loss, said', [(0.14, '1,2'), (3.0, '20'), (60.0, '10²⁶'), (1e4, '–')])
@in_an_event_loop
async def test_how_many_tokens_it_is_torn_between_is_never_cut(loss, said):
    page = opened()
    page.one()
    await rest(page)
    page.desk.history.validation.add(1, loss)
    page.desk.history.smooth.add(1, loss)
    page.view.paint()
    assert {it['id']: it['value'] for it in page.view.told.readout.figures}['likely'] == said


@in_an_event_loop
async def test_it_goes_on_after_a_reload():
    page = opened()
    page.begin()
    await rest(page, pause_at(page, 12))
    stopped_at = page.desk.step
    page.go_on()
    await rest(page)
    want = page.desk.session.checkpoint.model.flat.copy()
    page.back_to(10)
    kept = lab().to_bytes()
    labs.replace(Lab.from_bytes(kept))  # as the browser does when the page is opened again
    again = Training()
    assert stopped_at >= 12 and again.desk.session is None and again.can_go_on
    assert again.desk.kept_run.name == lab().name and again.desk.history.step == 10
    again.show()
    again.settings = TINY
    again.go_on()
    await rest(again)
    assert again.desk.session.step == 30
    np.testing.assert_array_equal(again.desk.session.checkpoint.model.flat, want)


@in_an_event_loop
async def test_another_way_may_begin_at_a_snapshot_after_a_reload():
    page = opened()
    page.begin()
    await rest(page)
    labs.replace(Lab.from_bytes(lab().to_bytes()))
    again = Training()
    assert [it['id'] for it in again.view.moment.options] == ['0', '10', '20', '30']
    kept = again.view.runs.table.rows[0]  # its curves are the ones shown; it may be taken off
    assert kept['present'] and kept['shown'] and kept['removable'] and kept['dash'] == 'solid'
    again.show()
    again.settings = TINY
    labs.change(corpus='oi')
    again.back_to(10)
    assert 'curto demais' in again.view.told.readout.error and again.desk.session is None
    labs.change(corpus=TEXT)
    again.back_to(10)
    assert again.desk.session.step == 10 and lab().step == 10
    again.go_on()
    await rest(again)
    assert again.desk.session.step == 30 and again.desk.session.error is None
    assert [it.name for it in again.desk.runs] == ['Treino 1', 'Treino 2']


@in_an_event_loop
async def test_two_runs_of_one_link_are_equal():
    page = opened()
    page.begin()
    await rest(page)
    labs.replace(shipped_lab())
    text = TEXT[:1500]
    query = write_settings(replace(TINY, steps=12)) | {'text': text}
    curves = []
    for _ in range(2):
        page = Training(query=query)
        assert page.text == text
        page.begin()
        await rest(page)
        assert page.query == query
        curves.append(page.desk.history.loss.y)
        labs.replace(shipped_lab())
    assert curves[0] == curves[1] and len(curves[0]) == 12


@in_an_event_loop
async def test_a_run_may_go_on_from_the_model_in_use():
    page = opened(replace(TINY, origin='lab', steps=5, learning_rate=1e-4))
    page.begin()
    await rest(page)
    assert page.desk.session.error is None and lab().step == 5
    assert lab().tokenizer is shipped_lab().tokenizer
    moved = np.abs(lab().model.flat - shipped_lab().model.flat).max()
    assert 0 < moved < 0.01
    page.back_to_earlier_lab()
    assert labs.is_shipped() is False and lab().model is shipped_lab().model  # the text is TEXT


# What goes wrong

@in_an_event_loop
async def test_a_learning_rate_beyond_reason_loses_nothing():
    page = opened(replace(TINY, learning_rate=1e4, warmup=0))
    page.begin()
    await rest(page)
    session, readout = page.desk.session, page.view.told.readout
    assert session.error.key == 'not_a_number' and session.broke_at > 1
    assert session.step == 0 and session.checkpoint.model.gives_numbers()
    assert f'No passo {session.broke_at} as contas' in readout.error
    assert 'o do passo 0' in readout.error and 'no passo 0' in readout.state
    chart, went = page.view.charts.loss, page.desk.runs
    assert [(it.name, it.step) for it in went] == [('Treino 1', session.broke_at - 1)]
    assert chart.lines[-1]['label'] == 'Treino 1, treino, alisada'
    assert chart.lines[-1]['y'][-1] > 10 and chart.lines[0]['x'] == []
    slow, check, _ = page.parts
    while slow.work.running or check.work.running:
        await asyncio.sleep(0)
    sent = [slow.picture.stations, slow.picture.rows, page.view.charts.loss.lines,
            page.view.charts.gradients.lines, check.table.rows]
    assert json.dumps(sent, allow_nan=False) and page.failure == ''
    page.choose(learning_rate=4e-3)
    page.go_on()
    await rest(page)
    assert session.error is None and session.step == 30
    assert [it['key'] for it in page.frame.exercises.exercises if it['is_done']] == ['rescue']


@in_an_event_loop
async def test_a_run_that_broke_leaves_every_page_a_model_to_show():
    page = opened(replace(FIRST, learning_rate=1e4, warmup=0), text=shipped_lab().corpus)
    page.begin()
    await rest(page)
    assert page.desk.session.broke_at and lab().name == 'Treino 2'
    assert Portal().written and Inference().error is None
    blocks = Transformer().picture.stream.blocks
    assert len(blocks) == FIRST.n_layer and json.dumps(blocks, allow_nan=False)


@in_an_event_loop
async def test_a_run_that_breaks_at_its_first_update_stays_where_it_was():
    page = opened()
    page.desk.begin(TEXT, TINY)
    session = page.desk.session
    list(session._vocabulary(once=True))
    session.checkpoint.model.flat[...] *= np.float32(1e30)
    page.work.start(page.desk.stream(once=False))
    await rest(page)
    assert session.broke_at == 1 and session.step == 0 and page.desk.runs == []
    assert 'No passo 1 as contas' in page.view.told.readout.error
    assert lab().model is shipped_lab().model


@in_an_event_loop
async def test_weights_beyond_all_numbers_are_never_given_to_the_pages():
    page = opened()
    page.begin()
    await rest(page, pause_at(page, 12))
    page.desk.session.checkpoint.model.flat[::5] = np.inf
    page.go_on()
    await rest(page)
    session = page.desk.session
    assert session.error is not None and session.broke_at == 13 and session.step == 10
    assert np.isfinite(lab().model.flat).all() and np.isfinite(session.checkpoint.model.flat).all()


@in_an_event_loop
async def test_a_run_is_kept_by_the_clock_not_by_its_samples(monkeypatch):
    monkeypatch.setattr(desk, 'PUBLISH_EVERY', 0.0)
    page = opened(replace(TINY, eval_every=500))
    page.begin()
    kept = set()
    await rest(page, lambda: kept.add(lab().step) or page.desk.step >= 5)
    assert {1, 2, 3} <= kept and not page.desk.samples


@in_an_event_loop
async def test_a_long_update_moves_the_chart_on_its_way():
    page = opened(replace(TINY, steps=3))
    page.begin()
    await rest(page, pause_at(page, 2))
    session, chart = page.desk.session, page.view.charts
    sent = sent_by(chart.loss)
    session.config = replace(session.config, piece_flops=1)
    async with contextlib.aclosing(session.events()) as events:
        async for event in events:
            chart.paint_curves()
            if isinstance(event, TrainStep):
                break
            assert chart.loss.newest == {'batch': [3, event.loss]}
    assert event.step == 3 and chart.loss.newest == {}
    assert sent[-1]['batch']['x'] == [3]


@pytest.mark.parametrize('text', ['', '   \n', 'oi', 'a', '🙂', 'a' * 5000, '🙂' * 500])
@in_an_event_loop
async def test_a_text_that_is_too_short_is_said_so(text):
    page = opened(text=text)
    page.begin()
    await rest(page)
    session = page.desk.session  # none at all where there is not a word
    assert page.view.told.readout.error and (session is None or session.step == 0)
    assert lab().model is shipped_lab().model


@pytest.mark.parametrize('text', ['a ' * 3000, 'שלום עולם ' * 200, '<|endoftext|>' * 200])
@in_an_event_loop
async def test_odd_texts_can_be_learnt(text):
    page = opened(replace(TINY, steps=10), text=text)
    page.begin()
    await rest(page)
    assert page.desk.session.error is None and page.desk.step == 10


@pytest.mark.parametrize('kind', [
    {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 1,
     'tied_head': False}, {'position': 'sinusoidal', 'activation': 'relu', 'dropout': 0.2},
    {'optimizer': 'sgd', 'schedule': 'one-cycle', 'max_grad_norm': math.inf},
    {'optimizer': 'momentum', 'accumulate': 2, 'patience': 1}, {'prompt': ''},
    {'prompt': 'palavra ' * 30}])
@in_an_event_loop
async def test_every_switch_makes_a_run(kind):
    page = opened(replace(TINY, steps=10, **kind))
    page.begin()
    await rest(page)
    assert page.desk.session.error is None and page.desk.step == 10


@in_an_event_loop
async def test_settings_that_make_no_model_are_refused_with_their_reason():
    page = opened(replace(TINY, n_embd=16, n_head=8, n_kv_head=4, position='rope'))
    assert page.cannot_begin == ''
    page.choose(n_head=1, n_kv_head=4)
    assert page.cannot_begin and page.view.actions.buttons[0]['reason'] == page.cannot_begin
    page.begin()
    assert page.desk.session is None
    page.settings = replace(TINY, n_layer=8, n_embd=256, block_size=256, batch_size=64)
    assert 'memória' in page.cannot_begin


@in_an_event_loop
async def test_another_model_opened_in_mid_run_ends_the_run_and_is_kept():
    page = opened()
    page.begin()
    await rest(page)
    page.begin()
    while page.desk.step < 3:
        await asyncio.sleep(0)
    labs.back_to_shipped()
    await rest(page)
    assert labs.is_shipped() and page.desk.session is None
    assert len(page.desk.runs) == 2 and page.query == write_settings(page.settings)


@in_an_event_loop
async def test_a_lost_device_is_said_and_the_run_goes_on():
    page = opened()
    page.begin()
    await rest(page)
    for reason, kept in ((Absent('device_lost', reason="'mapAsync' on 'GPUBuffer'"), ''),
                         (Absent('device_failed', reason='mapAsync'), ''),
                         (Absent('model_too_large', limit=1000, need=2000), '1000 bytes')):
        page.desk.session._take(Moved(12, 'numpy', reason))
        page.view.paint()
        said = page.view.told.readout.error
        assert 'passo 12' in said and 'ada se perdeu' in said and kept in said
        assert 'mapAsync' not in said  # the browser's own words stay at the foot of the page
    assert page.desk.session.step == 30


@in_an_event_loop
async def test_a_long_run_takes_no_more_room_than_a_short_one():
    page = opened(replace(TINY, steps=900, batch_size=1, eval_every=30, eval_batches=1))
    page.begin()
    await rest(page)
    history, session = page.desk.history, page.desk.session
    curves = [history.loss, history.validation, *history.gradients.values()]
    assert session.step == 900 and all(len(it.x) <= 400 for it in curves)
    assert len(session.moments.kept) <= 8 and len(session.samples) <= 12
    assert len(session.snapshots.kept) <= 16
    assert session.moments.kept[0].step == 0 and session.moments.kept[-1].step == 900
    assert len(json.dumps(lab().settings)) < 30_000


# Settings, links, curves

def test_every_setting_goes_through_a_link():
    for name, control in CONTROLS.items():
        options = getattr(control, 'options', None) or (control.start, control.end)
        for value in options:
            settings = replace(FIRST, **{name: value})
            assert read_settings(json.loads(json.dumps(write_settings(settings)))) == settings
    assert write_settings(FIRST) == {} and read_settings({}) == FIRST
    for name in PRESETS:
        assert preset_of(with_preset(replace(FIRST, steps=7), name)) == name


def test_a_curve_stays_bounded_and_keeps_its_means():
    curve, version = Curve(most=10), 0
    for step in range(1, 1001):
        curve.add(step, float(step))
    assert len(curve.x) <= 10 and curve.stride >= 100 and curve.version > version
    for x, y in zip(curve.x, curve.y):
        assert y == pytest.approx(x - (curve.stride - 1) / 2)
    curve.cut(500)
    assert max(curve.x) <= 500


def test_the_chart_is_sent_only_what_is_new():
    page = Training()
    chart = page.view.charts.loss
    x, y = [1, 2], [3.0, 2.0]
    lines = [{'id': 'a', 'label': 'a', 'role': 'key', 'dash': 'solid', 'faded': False,
              'version': 0, 'x': x, 'y': y}]
    chart.draw(lines)
    whole = chart.lines
    x.append(3), y.append(1.0)
    sent = sent_by(chart)
    chart.draw(lines)
    assert chart.lines is whole and chart.points == 3
    assert sent == [{'a': {'from': 2, 'x': [3], 'y': [1.0]}}]
    chart.draw([lines[0] | {'version': 1}])
    assert chart.lines is not whole and chart.lines[0]['x'] == [1, 2, 3]
    chart._handle_msg({'all': True})
    assert chart.lines[0]['x'] == [1, 2, 3]


def test_overfitting_is_seen_when_it_lasts():
    def history(validation):
        found, best = History(), math.inf
        for i, loss in enumerate(validation, 1):
            for step in range(10 * i - 9, 10 * i + 1):
                found.take(TrainStep(step, 5 - 0.02 * step, 1e-3, 1.0, 0.1, 100.0))
            found.take(Evaluation(10 * i, loss, loss < best))
            best = min(best, loss)
        return found
    assert overfits(history([5, 4, 3.5, 3.6, 3.7, 3.8]))
    assert not overfits(history([5, 4, 3.5, 3.6, 3.7]))   # two may be chance
    assert not overfits(history([5, 4, 3.5, 3.6, 3.51, 3.8]))
    found = verdict(history([5, 4, 3.5, 3.6, 3.7, 3.8]), 500)
    assert found.kind == 'overfit' and found.values['best_step'] == 30


def test_runs_of_a_foreign_file_are_read_with_care():
    page = Training()
    good = {'id': 1, 'name': 'um', 'settings': {}, 'text': 'ab', 'characters': 5, 'vocab_size': 300}
    bad = [3, {}, good | {'curves': {'loss': [[1], []]}}, good | {'id': 'x'}, good | {'name': 3},
           good | {'curves': {'loss': [[1], [math.nan]]}}, good | {'settings': {'n': 3}},
           good | {'samples': [[1, 'a']]}, good | {'samples': [[1, '', 'a', math.inf]]},
           good | {'samples': [[-1, '', 'a', 2.0]]}, good | {'samples': [[1, '', 'a', 2.0]] * 13}]
    other = good | {'name': 'dois', 'sample': 'of an older version', 'samples': [[1, '', 'a', None]]}
    assert [it.name for it in read_runs({KEY: [good, *bad, other]})] == ['um', 'dois']
    assert read_runs({KEY: 'x'}) == [] and read_runs({}) == []
    assert page.desk.runs == []


@pytest.mark.parametrize('foreign', [
    {'settings': []}, {'settings': 'x'}, {'curves': []}, {'curves': {'loss': None}},
    {'curves': {'loss': [[1], [10 ** 400]]}}, {'curves': {'loss': [[1], [1e300]]}},
    {'curves': {'loss': [[1], [2.0]]}}, {'curves': {'validation': [[1], [2.0]]}},
    {'curves': {'loss': [[1], [2.0]], 'validation': []}}, {'curves': {'loss': [[1, 2]]}},
    {'curves': {'loss': [['1'], [2.0]]}}, {'branches': None}, {'branches': ['1']}])
def test_a_foreign_run_never_breaks_the_page(foreign):
    run = {'id': 1, 'name': lab().name, 'settings': {}, 'text': 'ab', 'characters': 5,
           'vocab_size': 300, 'step': lab().step, 'parameters': lab().model.n_params}
    labs.change(settings={KEY: [run | foreign]})
    page = Training()
    page.relabel()
    assert len(page.desk.runs) <= 1


@in_an_event_loop
async def test_runs_are_compared_renamed_and_taken_off():
    page = opened()
    page.begin()
    await rest(page)
    page.choose(learning_rate=1e-3, n_layer=2)
    page.begin()
    await rest(page)
    first, second = page.desk.runs
    assert [name for name, *_ in differences(second, first)] == ['n_layer', 'learning_rate']
    row = page.view.runs.table.rows[1]
    assert 'Blocos: 1 → 2' in row['differs'] and 'No passo 30' in row['verdict']
    assert [it['id'] for it in page.view.charts.loss.lines] == ['batch', 'train', 'validation', '1']
    page.view.runs.table._handle_msg({'id': 1, 'shown': False})
    assert len(page.view.charts.loss.lines) == 3
    page.view.runs.table._handle_msg({'id': 2, 'name': '  dois   blocos '})
    assert lab().name == 'dois blocos' and page.desk.runs[1].name == 'dois blocos'
    page.view.runs.table._handle_msg({'id': 1, 'remove': True})
    assert [it.name for it in read_runs(lab().settings)] == ['dois blocos']
    page.view.runs.table._handle_msg({'id': 2, 'use': True})
    assert page.settings.n_layer == 2


# The parts below

@in_an_event_loop
async def test_slow_motion_and_gradient_check_follow_the_run():
    page = opened()
    page.begin()
    await rest(page)
    slow, check, _ = page.parts
    while slow.work.running or check.work.running or slow.found is None:
        await asyncio.sleep(0)
    assert len(slow.picture.stations) == 1 + 2 + 2 and slow.found.inputs.shape == (4, 16)
    assert slow.found.loss_after != slow.found.loss and page.desk.session.step == 30
    assert check.check.relative_error < 1e-4 and len(check.table.rows) == 9
    check.parameter.value = 'h.0.mlp.c_fc.weight'
    check.matrix.picked = [2, 3]
    while check.work.running:
        await asyncio.sleep(0)
    assert check.check.name == 'h.0.mlp.c_fc.weight' and check.check.index == (2, 3)
    assert check.check.relative_error < 1e-4 and '[2, 3]' in check.said.title


@in_an_event_loop
async def test_the_optimizers_race(monkeypatch):
    monkeypatch.setattr('pages.training.race.UPDATES', 12)
    page = opened()
    race = page.parts[2]
    race.run()
    while race.work.running:
        await asyncio.sleep(0)
    assert all(len(it.x) == 12 for it in race.curves.values())
    assert len({it.y[0] for it in race.curves.values()}) == 1
    assert 'Na frente' in race.said.paragraphs[-1]


def test_the_page_can_be_drawn_in_both_languages():
    page, document = Training(), Document()
    page.__panel__().server_doc(document)
    page.lang = 'en'
    assert serialize_json(document.to_json())
    assert page.view.told.readout.state.startswith('A recorded run')
