"""Exercises: done by the page's state or by a typed answer, and remembered in the lab."""

import asyncio

import numpy as np
import pytest

from pages import exercises, lab
from pages.exercises import Exercise
from pages.inference.page import Inference


@pytest.fixture(autouse=True)
def nothing_done():
    yield
    lab.change(settings={})


@pytest.fixture
def page():
    return Inference()


def done(page):
    return [it['key'] for it in page.frame.exercises.exercises if it['is_done']]


def ratio(page):
    second, first = np.sort(page.text.logits_at(page.shown))[-2:]
    return float(np.exp(first - second))


def test_nothing_is_done_when_the_page_opens(page):
    page.frame.check()
    assert done(page) == []
    assert [it['key'] for it in page.frame.exercises.exercises] == ['greedy', 'cut', 'share']


def test_a_state_exercise_is_done_by_doing_it(page):
    async def run():
        page.temperature = 0
        assert done(page) == []
        page.generate()
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert done(page) == ['greedy']
    assert lab.lab().settings['exercises'] == ['inference.greedy']


def test_a_token_that_was_cut_counts_and_one_that_was_not_does_not(page):
    rows = page._view.candidates.table['rows']

    async def pick(row):
        page.pick(page.shown, row['id'])
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(pick(next(row for row in rows if row['kept'] and not row['drawn'])))
    assert done(page) == []
    asyncio.run(pick(next(row for row in rows if not row['kept'])))
    assert done(page) == ['cut']


@pytest.mark.parametrize('mark', [',', '.'])
def test_the_right_answer_is_taken_with_a_comma_or_a_point(page, mark):
    answer = page.frame.exercises._handle_msg
    answer({'key': 'share', 'answer': f'{ratio(page) + 0.3:.1f}'})
    answer({'key': 'share', 'answer': 'não sei'})
    assert done(page) == [] and page.frame.exercises.refused == {'key': 'share', 'times': 2}
    answer({'key': 'share', 'answer': f' {ratio(page):.1f} '.replace('.', mark)})
    assert done(page) == ['share']


@pytest.mark.parametrize(('off', 'taken'), [(2, True), (-2, True), (30, False)])
def test_a_large_ratio_of_two_rounded_shares_is_taken(page, monkeypatch, off, taken):
    monkeypatch.setattr(type(page.text), 'logits_at', lambda *_: np.log([1.0, 250.0]))
    page.frame.exercises._handle_msg({'key': 'share', 'answer': str(250 + off)})
    assert done(page) == (['share'] if taken else [])


def test_what_is_done_is_there_for_the_next_page_until_one_begins_again(page):
    lab.change(settings={'exercises': ['portal.x', 'inference.cut'], 'other': 1})
    other = Inference()
    assert done(page) == done(other) == ['cut']
    other.frame.exercises._handle_msg({'again': True})
    assert done(page) == done(other) == []
    assert lab.lab().settings == {'exercises': ['portal.x'], 'other': 1}


@pytest.mark.parametrize('kept', [None, 'inference.cut', {'inference.cut': 1}, [3, None]])
def test_what_a_foreign_file_says_of_exercises_does_no_harm(page, kept):
    lab.change(settings={'exercises': kept})
    assert done(page) == []
    exercises.remember('inference', {'cut'})
    assert lab.lab().settings['exercises'] == ['inference.cut']


def test_an_exercise_is_checked_in_one_way():
    for ways in ({}, {'check': bool, 'answer': bool}):
        with pytest.raises(ValueError, match='either check or answer'):
            Exercise('x', **ways)


@pytest.mark.parametrize('text, value', [('1,5', 1.5), ('1.5', 1.5), ('−2', -2), (' 12% ', 12),
                                         ('3×', 3), ('131.712', 131712), ('131,712', 131712),
                                         ('1.234,5', 1234.5), ('1 000 000', 1e6)])
def test_numbers_are_read_as_readers_write_them(text, value):
    assert exercises.near(text, value + 0.04, 0.05) and not exercises.near(text, value + 1, 0.05)


@pytest.mark.parametrize('text', ['', 'dois', '1,2,3', '∞'])
def test_what_is_no_number_is_near_nothing(text):
    assert not exercises.near(text, 0, 1e9)
