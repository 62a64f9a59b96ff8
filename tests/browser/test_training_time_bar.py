"""The slider over a training run's moments, alone: what it says and what it asks Python for."""

import pytest
from accessible import violations
from alone import alone, messages, next_message
from chromium import fits
from playwright.sync_api import expect

from pages.components.training_time import TrainingTime
from pages.locale import text

WORDS = text('pt')['frame']['time']


@pytest.fixture(scope='module')
def tab(browser, site):
    bar = TrainingTime(lambda place: None, words=WORDS, moments=[0, 512, 1000], place=2)
    with alone(browser, site, bar) as tab:
        yield tab


def button(tab, name):
    return tab.get_by_role('button', name=name, exact=True)


def paint(tab, place: int) -> None:
    """As Python does when it has painted a moment."""
    tab.evaluate("""place => { const model = [...Bokeh.index.roots][0].model
        model.data.place = place }""", place)


def test_it_opens_at_the_end_and_asks_for_one_moment_at_a_time(tab):
    slider = tab.get_by_role('slider', name='Tempo de treino')
    expect(slider).to_have_attribute('aria-valuetext', 'no fim: 1.000 atualizações')
    slider.press('ArrowLeft')
    slider.press('ArrowLeft')
    expect(tab.get_by_text('após 0 de 1.000 atualizações')).to_be_visible()
    assert [it['place'] for it in messages(tab)] == [1]  # the newest comes once this is painted
    paint(tab, 1)
    assert next_message(tab, 1) == {'place': 0}
    expect(slider).to_have_value('0')
    paint(tab, 0)
    assert len(messages(tab)) == 2


def test_it_plays_to_the_end(tab):
    button(tab, 'Tocar').click()
    expect(button(tab, 'Pausar')).to_be_visible()
    assert next_message(tab, 2) == {'place': 1}
    paint(tab, 1)
    assert next_message(tab, 3) == {'place': 2}
    paint(tab, 2)
    expect(button(tab, 'Tocar')).to_be_visible()
    expect(button(tab, 'Ir ao fim')).to_have_attribute('aria-disabled', 'true')


def test_it_is_accessible_also_on_a_phone(tab, axe):
    tab.set_viewport_size({'width': 320, 'height': 700})
    fits(tab)
    assert violations(tab, axe, tags=None) == []
