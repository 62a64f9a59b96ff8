"""Vectors as strips: what a cell's edge says, and one legend for those on one scale."""

import pytest
from alone import alone
from playwright.sync_api import expect

from pages.components.heat_strip import HeatStrip
from pages.locale import text

WORDS = text('pt')['attention']['strip']['heat']
EDGES = """all => all.map(it => { const style = getComputedStyle(it)
  return [parseFloat(style.borderTopWidth), parseFloat(style.borderBottomWidth)] })"""


@pytest.fixture(scope='module')
def tab(browser, site):
    strip = HeatStrip(title='Soma', words=WORDS, locale='pt-BR', vectors=[
        {'name': 'fluxo, entra', 'values': [-1.0, 0.0, 2.0], 'bound': 2.0},
        {'name': 'da atenção', 'values': [0.0, 0.0, 0.0], 'bound': 2.0},
        {'name': 'produto', 'values': [4.0, 0.0, -4.0], 'bound': 4.0}])
    with alone(browser, site, strip, viewport={'width': 390, 'height': 844}) as tab:
        yield tab


def test_a_number_below_zero_has_its_edge_below_and_zero_has_none(tab):
    below, none, above = [0, 2], [0, 0], [2, 0]
    assert tab.locator('.cells').nth(0).locator('i').evaluate_all(EDGES) == [below, none, above]
    assert tab.locator('.cells').nth(1).locator('i').evaluate_all(EDGES) == [none] * 3


def test_each_scale_stands_on_one_line_of_a_phone_with_whose_it_is(tab):
    scales = tab.locator('.legend .one')
    expect(scales).to_have_text(['fluxo, entra · da atenção:−2,000+2,000', 'produto:−4,000+4,000'])
    assert scales.nth(1).evaluate('it => it.getBoundingClientRect().height') <= 24
