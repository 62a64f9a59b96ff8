"""The guided tours: every stop is a part of its page, has its words, and shows what they say."""

import json
from importlib import import_module
from pathlib import Path

import pytest

from pages.attention.page import Attention
from pages.lessons.page import Lessons
from pages.locale import LANGUAGES, text
from pages.tokenizer.page import Tokenizer

ROWS = json.loads((Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))
TOURED = [row for row in ROWS if row['name'] not in ('index', 'lessons')]
LONGEST = 180  # characters that are read at a glance


def kind(row):
    module, _, name = row['viewer'].partition(':')
    return getattr(import_module(module), name)


def components(viewable):
    """The component and all that it holds."""
    return viewable.select() if hasattr(viewable, 'select') else [viewable]


@pytest.mark.parametrize('row', TOURED, ids=lambda row: row['name'])
def test_every_stop_is_on_the_page_and_is_found_by_its_class(row):
    page = kind(row)()
    shown = components(page.frame.__panel__())
    assert len(page.tour) >= 4
    for stop in page.tour:
        part = stop.part(page)
        assert any(it is part for it in shown), stop.key
        assert part.css_classes.count(f'stop-{stop.key}') == 1
        stop.arrive(page)
    assert page.failure == ''


@pytest.mark.parametrize('lang', LANGUAGES)
@pytest.mark.parametrize('row', TOURED, ids=lambda row: row['name'])
def test_every_stop_has_words_that_are_read_at_a_glance(row, lang):
    said = text(lang)[kind(row).section]['tour']
    assert list(said) == [stop.key for stop in kind(row).tour]
    assert all(it.endswith('.') and len(it) <= LONGEST for it in said.values())


def test_the_tour_moves_the_picture_it_speaks_of():
    page = Attention()
    tour = page.frame.tour
    keys = [it['key'] for it in tour.stops]
    tour._handle_msg({'place': keys.index('scores')})
    assert (tour.place, page.stage) == (keys.index('scores'), 'dots')
    tour._handle_msg({'place': keys.index('walk')})
    assert (page._view.walk.walk.step, page.stage) == (1, 'dots')
    tour._handle_msg({'place': -1})
    assert tour.place == -1


@pytest.mark.parametrize('place', [-2, 6, None, 'x', 1.5])
def test_what_is_no_stop_is_not_gone_to(place):
    page = Tokenizer()
    page.frame.tour._handle_msg({'place': place})
    assert page.frame.tour.place == -1 and page.merges == page.limit


def test_the_tour_follows_the_language_and_is_not_where_there_is_none():
    page = Tokenizer()
    page.lang = 'en'
    assert page.frame.tour.stops[0]['said'].startswith('It all begins')
    lessons = Lessons()
    assert all(it is not lessons.frame.tour for it in components(lessons.frame.__panel__()))
