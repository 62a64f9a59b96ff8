"""The map of tokens alone: what stands on its axes."""

import re

import pytest
from alone import alone
from playwright.sync_api import expect

from pages.components.token_map import TokenMap
from pages.locale import text

WORDS = text('pt')['embeddings']['map']['map']


@pytest.fixture(scope='module')
def tab(browser, site):
    places = [[0, 0], [10, 0], [10, 10]]
    points = [{'id': i, 'label': f'·p{i}', 'count': 1, 'score': 1.0} for i in range(len(places))]
    plane = TokenMap(lambda _: None, lambda _: None, points=points, positions=places,
                     axes=['Componente 1', 'Componente 2'], words=WORDS, locale='pt-BR')
    with alone(browser, site, plane) as tab:
        yield tab


def test_zero_on_an_axis_has_no_minus(tab):
    ticks = tab.locator('.ticks text')
    expect(ticks.filter(has_text='Componente 2')).to_be_visible()
    assert [it for it in ticks.all_text_contents() if re.fullmatch(r'−0(,0*)?', it)] == []
    assert '0' in ticks.all_text_contents()
