"""Curves that the reader has scrolled away from: nothing stays as it was."""

import panel as pn
import pytest
from alone import alone
from playwright.sync_api import expect

from pages.components.curves import Curves

GROW = """async () => {  // two frames, in which a chart learns where it is; then a point as Python sends it
  for (const _ of '12') await new Promise(requestAnimationFrame)
  const model = [...Bokeh.documents[0].all_models].find(it => it.class_name === 'Curves')
  model.data.tail = JSON.stringify({ loss: { from: 2, x: [3], y: [1] } })
}"""


def losses():
    curves = Curves(tall=200)
    curves.draw([{'id': 'loss', 'label': 'perda', 'role': 'query', 'dash': 'solid', 'faded': False,
                  'version': 0, 'x': [1, 2], 'y': [5.0, 4.0]}])
    return curves


@pytest.fixture
def tab(browser, site):
    above = pn.Spacer(height=3000)
    with alone(browser, site, pn.Column(above, losses(), sizing_mode='stretch_width')) as tab:
        yield tab


def test_below_the_screen_they_are_drawn_once_no_more_comes(tab):
    line = tab.locator('svg path.line').first
    expect(line).to_be_attached()
    before = line.get_attribute('d')
    tab.evaluate(GROW)
    expect(line).not_to_have_attribute('d', before)
    assert tab.evaluate('scrollY') == 0
