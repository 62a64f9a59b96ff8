"""Curves that the reader has scrolled away from: nothing stays as it was."""

import panel as pn
import pytest
from alone import alone, change, messages
from playwright.sync_api import expect

from pages.components.curves import Curves

FRAMES = """async () => {  // two of them, in which a chart learns where it is
  for (const _ of '12') await new Promise(requestAnimationFrame)
}"""


def line(x, y, **more):
    return {'id': 'loss', 'label': 'perda', 'role': 'query', 'dash': 'solid', 'faded': False,
            'version': 0, 'x': x, 'y': y} | more


def losses():
    curves = Curves(tall=200)
    curves.draw([line([1, 2], [5.0, 4.0])])
    return curves


@pytest.fixture
def far_down():
    return pn.Column(pn.Spacer(height=3000), losses(), sizing_mode='stretch_width')


@pytest.fixture
def tab(browser, site, far_down):
    with alone(browser, site, far_down, has_touch=True) as tab:
        yield tab


def test_below_the_screen_they_are_drawn_once_no_more_comes(tab, far_down):
    curve, curves = tab.locator('svg path.line').first, far_down[1]
    expect(curve).to_be_attached()
    before = curve.get_attribute('d')
    tab.evaluate(FRAMES)
    change(tab, far_down, lambda: curves.draw([line([1, 2, 3], [5.0, 4.0, 1.0])]))
    expect(curve).not_to_have_attribute('d', before)
    assert tab.evaluate('scrollY') == 0


def test_no_point_is_lost_where_two_come_before_the_chart_is_drawn(tab, far_down):
    curves, x, y = far_down[1], [1, 2], [5.0, 4.0]

    def learn():
        for step in (3, 4, 5):
            x.append(step), y.append(7.0 - step)
            curves.draw([line(x, y)])
    tab.evaluate(FRAMES)
    curves.draw([line(x, y)])
    change(tab, far_down, learn)
    chart = tab.get_by_role('slider')
    chart.scroll_into_view_if_needed()
    expect(tab.locator('.legend .number')).to_have_text('2,00')
    for key in ('Home', *4 * ['ArrowRight']):
        chart.press(key)
    expect(tab.locator('.legend .number')).to_have_text('2,00')
    chart.press('ArrowLeft')
    expect(tab.locator('.legend .number')).to_have_text('3,00')
    assert not messages(tab)  # nor does it have to ask for any


def test_drawn_anew_they_ask_for_what_came_meanwhile(browser, site):
    curves, x, y = losses(), [1, 2], [5.0, 4.0]
    curves.draw([line(x, y)])
    x.append(3), y.append(3.0)
    curves.draw([line(x, y)])  # before there is a screen
    with alone(browser, site, curves) as tab:
        expect(tab.locator('.legend .number')).to_have_text('4,00')
        tab.wait_for_function('sent.length')
        assert messages(tab) == [{'all': True}]
        change(tab, curves, lambda: curves._handle_msg({'all': True}))
        expect(tab.locator('.legend .number')).to_have_text('3,00')


def test_long_numbers_leave_room_for_the_name_of_their_axis(browser, site):
    curves = losses()
    curves.param.update(words={'title': 'Velocidade', 'x': 'passo', 'y': 'tokens/s'},
                        locale='pt-BR')
    curves.draw([line([1, 2], [31_000.0, 58_000.0], id='speed', label='tokens/s')])
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
    curves.draw([line(steps, [5.0] * last)])
    with alone(browser, site, curves) as tab:
        ticks = tab.locator('.grid text[text-anchor=middle]:not(.name)')
        expect(ticks).to_have_text([str(it) for it in range(last + 1)])


def test_a_chart_without_a_point_says_so(browser, site):
    curves = Curves(tall=200, words={'empty': 'nenhum passo ainda'})
    curves.draw([line([], [])])
    with alone(browser, site, curves) as tab:
        said = tab.get_by_text('nenhum passo ainda')
        expect(said).to_be_visible()
        change(tab, curves, lambda: curves.draw([line([1], [5.0])]))
        expect(said).to_have_count(0)
