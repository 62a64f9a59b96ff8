"""A chart's own buttons steer Bokeh's tools; the wheel and Tab stay the page's."""

import re

import numpy as np
import panel as pn
import pytest
from accessible import violations
from alone import alone, messages
from chromium import fits
from playwright.sync_api import expect

from pages.charts import BarChart, LineChart, PointChart
from pages.page import Page

RANGE = 'Bokeh.documents[0].roots()[0].data.figure.x_range'


class Plain(Page):
    """A page of nothing."""
    section = 'inference'


@pytest.fixture(scope='module')
def tab(browser, site):
    chart = PointChart(Plain(), digits=(1, 1))
    chart.label('Mapa de prova', x='eixo 1', y='eixo 2')
    chart.draw(np.array([0, 1000.5]), np.array([0, 1000.0]), ['·a', '<img src=x onerror=alert(1)>'],
               named=[0, 1])
    with alone(browser, site, chart.box) as tab:
        yield tab


def width(tab):
    return tab.evaluate(f'{RANGE}.end - {RANGE}.start')


def button(tab, name):
    return tab.get_by_role('button', name=name, exact=True)


def test_zoom_move_and_back_to_all(tab):
    whole, start = width(tab), tab.evaluate(f'{RANGE}.start')
    button(tab, 'Aproximar').click()
    assert width(tab) == pytest.approx(whole / 1.5)
    button(tab, 'Afastar').click()
    button(tab, 'Mover para a direita').click()
    assert tab.evaluate(f'{RANGE}.start') == pytest.approx(start + whole / 4)
    button(tab, 'Ver tudo').click()
    assert width(tab) == pytest.approx(whole, rel=0.05)  # labels may take another place
    tab.get_by_role('application').focus()
    tab.keyboard.press('+')
    assert width(tab) == pytest.approx(whole / 1.5, rel=0.05)
    tab.keyboard.press('0')
    assert width(tab) == pytest.approx(whole, rel=0.05)


def test_one_mode_at_a_time(tab):
    pan, lasso = button(tab, 'Arrastar'), button(tab, 'Laço')
    pan.click()
    expect(pan).to_have_attribute('aria-pressed', 'true')
    lasso.click()
    expect(pan).to_have_attribute('aria-pressed', 'false')
    lasso.click()
    expect(lasso).to_have_attribute('aria-pressed', 'false')


def test_numbers_on_the_axes_are_local(tab):
    ticks = tab.evaluate("Bokeh.documents[0].roots()[0].data.figure.below[0].formatter"
                         ".doFormat([-1000.5], {})")
    assert ticks == ['−1.000,5']


def test_the_picture_is_saved_under_its_title(tab, tmp_path):
    with tab.expect_download() as download:
        button(tab, 'Imagem (PNG)').click()
    assert download.value.suggested_filename == 'mapa-de-prova.png'
    download.value.save_as(tmp_path / 'x.png')
    data = (tmp_path / 'x.png').read_bytes()
    assert data.startswith(b'\x89PNG') and int.from_bytes(data[20:24]) == 280 + 40


def test_the_csv_is_asked_for(tab):
    button(tab, 'Tabela (CSV)').click()
    assert messages(tab)[-1] == {'csv': True}


def test_it_is_accessible_and_the_wheel_is_the_page_s(tab, axe):
    assert violations(tab, axe, tags=None) == []
    tab.set_viewport_size({'width': 390, 'height': 300})
    fits(tab)
    tab.locator('.bk-Figure').hover()
    before = tab.evaluate('scrollY')
    tab.mouse.wheel(0, -40)
    tab.wait_for_function('before => scrollY < before', arg=before)


@pytest.fixture
def finger(browser, site):
    lines, bars = LineChart(Plain(), digits=(0, 1)), BarChart(Plain(), digits=(0, 0))
    lines.label('Linhas', x='token', y='bits')
    lines.draw([1, 2, 3], {'surpresa': [0.5, 4.0, np.nan], 'entropia': [1.0, 2.0, 3.5]})
    bars.label('Barras', x='tamanho', y='chunks')
    bars.draw([2, 0, 5], [0, 10, 20, 30])
    column = pn.Column(lines, bars, sizing_mode='stretch_width')
    with alone(browser, site, column, has_touch=True) as tab:
        yield tab


def read(tab, title, text):
    """The chart reads this out, and its tooltip stands there; '' for none."""
    chart = tab.get_by_role('slider', name=title)
    expect(chart).to_have_attribute('aria-valuetext', text or re.compile(title))
    expect(tab.locator('.bk-Tooltip').filter(visible=True)).to_have_count(
        text.count(';') + 1 if text else 0)


def test_values_are_read_by_keys(tab, finger, axe):
    lines, bars = (finger.get_by_role('slider', name=it) for it in ('Linhas', 'Barras'))
    lines.focus()
    lines.press('ArrowRight')
    read(finger, 'Linhas', 'surpresa, token 1, bits 0,5; entropia, bits 1,0')
    lines.press('End')  # where one of the lines has no value
    read(finger, 'Linhas', 'entropia, token 3, bits 3,5')
    lines.press('Escape')
    read(finger, 'Linhas', '')
    bars.focus()
    bars.press('ArrowRight')
    bars.press('ArrowRight')  # past the empty bar
    read(finger, 'Barras', 'tamanho 20 – 30, chunks 5')
    tab.get_by_role('application').press('PageDown')
    expect(tab.get_by_role('status').filter(has_text='·a')).to_be_attached()
    assert violations(finger, axe) == []  # Bokeh has its tooltips outside of all landmarks


def test_values_are_read_by_a_tap(finger):
    lines = finger.get_by_role('slider', name='Linhas')
    box = lines.bounding_box()
    lines.tap(position={'x': 0.55 * box['width'], 'y': 200})
    read(finger, 'Linhas', 'surpresa, token 2, bits 4,0; entropia, bits 2,0')
    finger.locator('h1').tap()
    read(finger, 'Linhas', '')
