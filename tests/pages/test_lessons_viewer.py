"""The lessons page without a browser: told step by step, answered, checked, remembered."""

import asyncio

import numpy as np
import pytest
from event_loop import in_an_event_loop
from take_home import printed

from minigpt.nn.ops import softmax_forward
from minigpt.teach.exercises import KINDS
from minigpt.teach.lesson import LESSONS, Lesson
from minigpt.teach.words import sections
from pages import lab
from pages.lessons import drawing, record
from pages.lessons.page import Lessons
from pages.lessons.rooms import ROOMS
from pages.locale import text

SHORT = 'backpropagation_by_hand'


@pytest.fixture(autouse=True)
def nothing_done():
    yield
    lab.change(settings={})


async def ready(page):
    while page.work.running:
        await asyncio.sleep(0)
    assert page.failure == ''


async def opened(lesson=SHORT, step='1'):
    page = Lessons(query={'lesson': lesson, 'step': step})
    page.show()
    await ready(page)
    return page


def words_on(page):
    """All that the step says, as one text."""
    return ' '.join(piece for block in page.view.step.blocks if block['kind'] == 'text'
                    for _, piece in block['pieces'])


def table_on(page):
    return next(it for it in page.view.step.blocks if it['kind'] in ('table', 'bars'))


async def answered(page, kind, text):
    page.go(kind)
    await ready(page)
    page.view.question.box._handle_msg({'answer': text})
    assert page.checking and page.view.question.box.busy
    await ready(page)
    return page.view.question.box


def test_it_opens_on_the_first_lesson_told_to_its_first_step():
    page = Lessons()
    assert (page.lesson, page.stage, page.query) == (LESSONS[0], '1', {})
    ids = lab.shipped_lab().tokenizer.encode('A menina abriu a porta e viu um')
    assert [row[1] for row in table_on(page)['rows']] == [str(it) for it in ids]
    assert page.telling._events is None  # the snapshot keeps no half-told story
    entries = [it for level in page.view.list.levels for it in level['lessons']]
    assert [it['title'] for it in entries] == [sections(name, 'pt')['title'] for name in LESSONS]
    assert [it['is_here'] for it in entries] == [True] + 17 * [False]


@in_an_event_loop
async def test_a_story_is_told_step_by_step_and_remembered_at_its_end():
    page = await opened()
    assert '−ln p(C) = 0,3672' in words_on(page)
    for number in range(2, len(page.telling.lesson.steps) + 1):
        assert record.done(SHORT) == set()
        page.view._pressed('next')
        await ready(page)
        assert page.query == {'lesson': SHORT, 'step': str(number)}
    assert record.done(SHORT) == {'story'} and page.frame.exercises.exercises[0]['is_done']
    assert table_on(page)['rows'][0] == ['0,1', f'{page.here.figures[0].cells[0][1][0]:.4f}'
                                         .replace('.', ',')]
    page.view._pressed('back')
    assert page.stage == str(page.telling.count - 1)
    page.lang = 'en'
    assert 'Do not believe it' in words_on(page) or 'measure' in words_on(page).lower()
    assert page.view.head.title == 'Lesson 8 of 18: Backpropagation by hand'


@in_an_event_loop
async def test_maps_and_curves_are_shown_by_the_site_s_own_pictures():
    page = await opened(SHORT, '3')
    heat = page.here.figures[0]
    assert page.view.maps[0].scale == 'diverging'
    np.testing.assert_allclose(page.view.maps[0].values, heat.values, rtol=1e-6)
    page.reopen({'lesson': 'kv_cache', 'step': '1'})
    await ready(page)
    lines = page.view.chart.lines
    assert [it['label'] for it in lines] == ['ingênua', 'com cache']
    assert lines[0]['x'][:3] == [1, 2, 3] and lines[0]['y'][-1] == 100
    assert page.view.chart.words['y'] == 'tokens que passam'
    assert page.view.maps[0].styles == {'display': 'none'}
    page.lang = 'en'
    assert [it['label'] for it in page.view.chart.lines] == ['naive', 'with a cache']


@in_an_event_loop
async def test_numbers_and_choices_are_judged_as_in_the_terminal():
    page = await opened()
    box = await answered(page, 'analysis', 'muito')
    assert (box.ask, box.right, box.verdict) == (
        'number', False, 'Esperava um número e recebi “muito”.')
    box = await answered(page, 'analysis', '-0,8')
    assert box.right and box.verdict == 'Certo!' and box.solved
    box = await answered(page, 'comparison', 'B')
    assert box.ask == 'choice' and [it['id'] for it in box.choices] == ['A', 'B']
    assert not box.right
    assert (await answered(page, 'comparison', 'A')).right
    assert not page.frame.exercises.exercises[1]['is_done']
    right = page.telling.lesson.exercise('visualisation').expected
    assert (await answered(page, 'visualisation', right)).right
    assert record.done(SHORT) == {'analysis', 'comparison', 'visualisation'}
    assert page.frame.exercises.exercises[1]['is_done']
    assert page.view.kinds.options[0]['label'] == 'análise ✓'
    entry = page.view.list.levels[1]['lessons'][1]
    assert (entry['count'], entry['done']) == ('3/6', 0.5)


@in_an_event_loop
async def test_a_function_is_written_in_the_editor_judged_and_what_it_prints_is_shown():
    page = await opened('softmax_temperature', 'implementation')
    editor, box = page.view.question.editor, page.view.question.box
    assert editor.value == page.question.starter and not box.can_restore
    editor.value = 'def softmax(x):\n    print(x.shape)\n    return x.mean(1)'
    await answered(page, 'implementation', '')
    assert box.verdict.startswith('Linha 3: seu código parou com um erro. AxisError')
    assert editor.line == 3 and box.printed == '(3,)\n' and box.can_restore
    editor.value = 'def softmax(x):\n    e = np.exp(x - x.max(-1, keepdims=True))\n' \
                   '    return e / e.sum(-1, keepdims=True)'
    await answered(page, 'implementation', '')
    assert box.right and editor.line == 0
    page.go('1')
    await ready(page)
    assert editor.styles == box.styles == {'display': 'none'}
    page.go('implementation')
    assert 'np.exp' in editor.value  # nothing typed is lost
    box._handle_msg({'restore': True})
    assert editor.value == page.question.starter and box.verdict == ''


@in_an_event_loop
async def test_a_bug_hunt_is_won_on_the_page():
    page = await opened(SHORT, 'debugging')
    editor, hunt = page.view.question.editor, page.question
    assert editor.value == hunt.starter and 'nn/ops.py' in editor.words['code']
    box = await answered(page, 'debugging', '')
    assert not box.right and 'o teste mediu 0,1' in box.verdict
    editor.value = hunt.starter.replace(hunt.wrong, hunt.right)
    box = await answered(page, 'debugging', '')
    assert box.right and box.verdict.startswith('Consertado!')
    assert page.frame.exercises.exercises[2]['is_done']
    assert softmax_forward(np.zeros(2))[0][0] == 0.5  # the library is as it was


@in_an_event_loop
async def test_what_takes_long_says_how_far_it_is_and_can_be_stopped():
    page = await opened('optimization_techniques', '3')
    page.view._pressed('next')
    while not page.telling.share:
        await asyncio.sleep(0)
    page.paint()
    assert page.here is None and page.view.step.busy and 'Calculando' in words_on(page)
    assert [it['id'] for it in page.view.actions.buttons] == ['back', 'next', 'stop']
    page.view._pressed('stop')
    await ready(page)
    assert page.here is None and 'ainda não foi calculado' in words_on(page)
    share = page.telling.share
    page.view._pressed('start')
    await asyncio.sleep(0)
    assert page.telling.share >= share  # it goes on where it stopped
    await ready(page)
    assert page.here.key == 'model'


@in_an_event_loop
async def test_after_the_last_exercise_comes_the_next_lesson():
    page = await opened(LESSONS[0], 'debugging')
    next_ = page.view.actions.buttons[1]['label']
    assert next_ == f'Próxima lição: {sections(LESSONS[1], "pt")["title"]}'
    page.on()
    await ready(page)
    assert page.query == {'lesson': LESSONS[1], 'step': '1'}


@pytest.mark.parametrize('kept', [None, [SHORT], {SHORT: 'story'}, {'x': ['story']}, {SHORT: [[]]}])
@in_an_event_loop
async def test_what_a_foreign_file_says_of_lessons_does_no_harm(kept):
    lab.change(settings={'lessons': kept})
    page = await opened()
    assert record.every() == {} and page.view.list.words['progress'] == '0 de 108 feitos'
    record.remember(SHORT, 'analysis')
    assert lab.lab().settings['lessons'] == {SHORT: ['analysis']}
    record.forget(SHORT)
    assert record.every() == {}


@in_an_event_loop
async def test_the_script_tells_the_same_numbers(tmp_path):
    page = await opened(SHORT, '5')
    output = printed(page, tmp_path)
    assert '−ln p(C) = 0,3672' in output
    for row in table_on(page)['rows']:
        assert '  '.join(row) in output
    page.reopen({'lesson': SHORT, 'step': 'visualisation'})
    await ready(page)
    assert page.telling.lesson.words(page.question, 'pt').text in printed(page, tmp_path)


def test_the_source_is_the_story_s_own():
    page = Lessons()
    names = [it.__name__ for it in page.sources()]
    assert names[0] == 'story' and {'stream_sizes', 'parts', 'softmax_forward'} <= set(names)


def test_every_lesson_leads_to_pages_where_one_can_play():
    assert set(ROOMS) == set(LESSONS)
    assert {page for pages in ROOMS.values() for page in pages} <= text('pt')['pages'].keys()


def test_marks_are_elements_and_never_markup():
    said = Lesson(SHORT).words(Lesson(SHORT).exercise('analysis'), 'pt')
    [block] = drawing.blocks(said, (), 'pt')
    assert block['kind'] == 'text' and block['pieces'][0][0] == ''
    strong = drawing.blocks(type(said)('a **<b>** `c` *d*\n\n    x  y'), (), 'pt')
    assert strong[0]['pieces'] == [['', 'a '], ['strong', '<b>'], ['', ' '], ['code', 'c'],
                                   ['', ' '], ['em', 'd']]
    assert strong[1] == {'kind': 'verbatim', 'text': '    x  y', 'prose': False}


def test_kinds_are_the_last_stages():
    assert Lessons().telling.stages[-5:] == list(KINDS)
