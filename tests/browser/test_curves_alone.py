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
    with alone(browser, site, pn.Column(above, losses(), sizing_mode='stretch_width'),
               has_touch=True) as tab:
        yield tab


def test_below_the_screen_they_are_drawn_once_no_more_comes(tab):
    line = tab.locator('svg path.line').first
    expect(line).to_be_attached()
    before = line.get_attribute('d')
    tab.evaluate(GROW)
    expect(line).not_to_have_attribute('d', before)
    assert tab.evaluate('scrollY') == 0


def test_long_numbers_leave_room_for_the_name_of_their_axis(browser, site):
    curves = losses()
    curves.param.update(words={'title': 'Velocidade', 'x': 'passo', 'y': 'tokens/s'},
                        locale='pt-BR')
    curves.draw([{'id': 'speed', 'label': 'tokens/s', 'role': 'value', 'dash': 'solid',
                  'faded': False, 'version': 1, 'x': [1, 2], 'y': [31_000.0, 58_000.0]}])
    with alone(browser, site, curves) as tab:
        expect(tab.locator('.grid text', has_text='40.000')).to_be_visible()
        boxes = {it.text_content(): it.bounding_box() for it in tab.locator('.grid text').all()}
        name = boxes.pop('tokens/s')
        assert name['x'] >= tab.locator('.frame svg').bounding_box()['x']
        numbers = [box for said, box in boxes.items() if said.endswith('.000')]
        assert len(numbers) > 3
        assert all(box['x'] > name['x'] + name['width'] for box in numbers)


def test_what_a_finger_touches_stays_read_until_it_touches_elsewhere(tab):
    chart, upright = tab.get_by_role('slider'), tab.locator('.over line')
    read = tab.locator('.legend .number')
    chart.scroll_into_view_if_needed()
    chart.tap(position={'x': 64, 'y': 80})  # the first point
    expect(read).to_have_text('5,00')
    expect(upright).to_have_count(1)
    tab.locator('.legend').tap(position={'x': 200, 'y': 5})
    expect(upright).to_have_class('pinned')
    chart.tap(position={'x': 64, 'y': 80})
    tab.locator('.legend').tap(position={'x': 200, 'y': 5})
    expect(upright).to_have_count(0)
    expect(read).to_have_text('4,00')


@pytest.mark.parametrize('last', [1, 2, 3])
def test_the_steps_of_the_first_updates_are_whole(browser, site, last):
    curves = Curves(tall=200, end=30)
    steps = list(range(1, last + 1))
    curves.draw([{'id': 'loss', 'label': 'perda', 'role': 'query', 'dash': 'solid', 'faded': False,
                  'version': 0, 'x': steps, 'y': [5.0] * last}])
    with alone(browser, site, curves) as tab:
        ticks = tab.locator('.grid text[text-anchor=middle]:not(.name)')
        expect(ticks).to_have_text([str(it) for it in range(last + 1)])


def test_a_chart_without_a_point_says_so(browser, site):
    curves = Curves(tall=200, words={'empty': 'nenhum passo ainda'})
    curves.draw([{'id': 'loss', 'label': 'perda', 'role': 'query', 'dash': 'solid', 'faded': False,
                  'version': 0, 'x': [], 'y': []}])
    with alone(browser, site, curves) as tab:
        said = tab.get_by_text('nenhum passo ainda')
        expect(said).to_be_visible()
        tab.evaluate(GROW.replace("from: 2, x: [3]", "from: 0, x: [1]"))
        expect(said).to_have_count(0)
