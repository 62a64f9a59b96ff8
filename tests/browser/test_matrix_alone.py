"""A matrix under the reader's hands: what it draws, says, asks and saves."""

import numpy as np
import panel as pn
import pytest
from accessible import violations
from alone import alone, messages, next_message
from chromium import fits
from playwright.sync_api import expect

from pages.components.matrix import Matrix
from pages.components.thumbnails import Thumbnails
from pages.locale import text

WORDS = text('pt')['matrix']
TOKENS = ['O', '·menino', '<img src=x onerror=alert(1)>', '·e']
PIXEL = """([canvas, r, c]) => { const it = canvas.getContext('2d'), scale = canvas.width /
  parseFloat(canvas.style.width); return [...it.getImageData(scale * c, scale * r, 1, 1).data] }"""


def weights():
    scores = np.random.default_rng(0).normal(size=(4, 4))
    shares = np.tril(np.exp(scores))
    return np.where(np.tri(4), shares / shares.sum(-1, keepdims=True), np.nan)


@pytest.fixture(scope='module')
def tab(browser, site):
    small = Matrix(words=WORDS, locale='pt-BR', title='Pesos da cabeça 1', values=weights(),
                   rows=TOKENS, columns=TOKENS, bound=1, row_axis='quem olha',
                   column_axis='para quem', written=True, row=2)
    large = Matrix(words=WORDS, locale='pt-BR', title='Muitos números', scale='diverging',
                   values=np.random.default_rng(1).normal(size=(256, 1024)), bound=2)
    many = Thumbnails(words=WORDS, locale='pt-BR', title='Todas', across=2,
                      values=np.stack([weights()] * 4), names=[f'cabeça {i}' for i in range(4)],
                      lines=['bloco 1', 'bloco 2'], marks=['', 'anterior', '', ''], struck=[3])
    with alone(browser, site, pn.Column(many, small, large, sizing_mode='stretch_width'),
               accept_downloads=True) as tab:
        yield tab


def grid(tab, at=0):
    return tab.get_by_role('grid').nth(at)


def about(tab):
    return tab.locator('.about').first


def test_a_hidden_cell_is_not_a_zero_and_a_label_is_text(tab):
    expect(tab.locator('.hatch')).to_have_count(1)
    grid(tab).hover(position={'x': 10, 'y': 10})
    expect(about(tab)).to_contain_text('O → O: 1,000')
    assert next_message(tab, 0) == {'look': [0, 0]}
    box = grid(tab).bounding_box()
    grid(tab).hover(position={'x': box['width'] * 5 / 8, 'y': 10})
    expect(about(tab)).to_contain_text(f'O → {TOKENS[2]}: escondida')


def test_one_tab_stop_with_arrows_pin_and_let_go(tab):
    tab.mouse.move(0, 0)
    tab.locator('#csv').first.focus()
    tab.keyboard.press('Tab')
    expect(grid(tab)).to_be_focused()
    tab.keyboard.press('ArrowDown')
    cell = grid(tab).get_by_role('gridcell')
    expect(cell).to_have_attribute('aria-label', f'·menino → O: {weights()[1, 0]:.3f}'.replace(
        '.', ','))
    tab.keyboard.press('Enter')
    expect(tab.locator('.pin').first).to_be_visible()
    expect(cell).to_have_attribute('aria-selected', 'true')
    tab.keyboard.press('End')
    tab.keyboard.press('PageDown')
    expect(cell).to_have_attribute('aria-label', f'·e → ·e: {weights()[3, 3]:.3f}'.replace(
        '.', ','))
    tab.keyboard.press('Escape')
    expect(tab.locator('.pin').first).to_be_hidden()


def test_the_strongest_colour_is_the_bound_s(tab):
    cells = tab.locator('.body canvas')
    first = tab.evaluate(PIXEL, [cells.nth(0).element_handle(), 3, 3])
    hue = tab.evaluate("""() => { const it = document.createElement('canvas').getContext('2d')
        it.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--attention')
        it.fillRect(0, 0, 1, 1); return [...it.getImageData(0, 0, 1, 1).data] }""")
    assert np.abs(np.array(first) - hue).max() <= 4  # 1 of 0 … 1
    expect(tab.locator('.legend').filter(has_text='2,000')).to_contain_text('o que passa disso')


def test_it_is_drawn_anew_in_the_dark(tab):
    cells = tab.locator('.body canvas').first.element_handle()
    light = tab.evaluate(PIXEL, [cells, 3, 3])
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_function(f'before => String(({PIXEL})([before[0], 3, 3])) !== String(before[1])',
                          arg=[cells, light])
    tab.evaluate("document.documentElement.dataset.theme = 'light'")


def test_numbers_are_saved_whole_and_the_table_says_what_it_leaves_out(tab):
    with tab.expect_download() as download:
        tab.locator('#csv').nth(1).click()
    assert download.value.suggested_filename == 'muitos-numeros.csv'
    lines = download.value.path().read_text(encoding='utf-8-sig').splitlines()
    numbers = np.array([line.split(',')[1:] for line in lines[1:]], float)
    np.testing.assert_allclose(numbers, np.random.default_rng(1).normal(size=(256, 1024)),
                               rtol=1e-6)
    with tab.expect_download() as download:
        tab.locator('#png').first.click()
    assert download.value.path().read_bytes().startswith(b'\x89PNG')
    tab.locator('summary').nth(1).click()
    expect(tab.get_by_text('64 de 256 linhas')).to_be_visible()
    tab.locator('summary').nth(1).click()


def test_the_large_one_scrolls_in_its_own_frame_and_is_drawn_in_a_blink(tab):
    tab.set_viewport_size({'width': 390, 'height': 800})
    fits(tab)
    grid(tab, 1).focus()
    tab.keyboard.press('End')
    assert tab.evaluate("""() => { const all = root => [...root.querySelectorAll('*')].flatMap(
      it => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])])
      return all(document).filter(it => it.matches('.frame')).at(-1).scrollLeft }""") > 2000
    tab.set_viewport_size({'width': 1440, 'height': 900})


def test_thumbnails_are_one_list_to_choose_from(tab):
    maps = tab.get_by_role('listbox')
    expect(maps.get_by_role('option', name='bloco 2 cabeça 3 desligada')).to_be_visible()
    maps.get_by_role('option', name='cabeça 0').click()
    tab.keyboard.press('ArrowDown')
    tab.keyboard.press('ArrowUp')
    tab.keyboard.press('ArrowRight')
    tab.keyboard.press('Enter')
    expect(maps.get_by_role('option', name='bloco 1 cabeça 1 anterior')).to_have_attribute(
        'aria-selected', 'true')


ENDS = """async () => {
  const root = document.documentElement
  const { sheet } = document.querySelector('link[href$="theme.css"]')  // the link loads it anew
  const all = root => [...root.querySelectorAll('*')].flatMap(
    it => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])])
  const bars = () => all(document).filter(it => it.matches('.legend canvas')).slice(0, 2).map(it =>
    [0, 255].map(x => [...it.getContext('2d').getImageData(x, 0, 1, 1).data]))
  const painted = async disabled => {
    sheet.disabled = disabled
    root.dataset.theme = root.dataset.theme  // they paint when the theme changes
    await new Promise(requestAnimationFrame)
    return bars()
  }
  return [await painted(true), await painted(false)]
}"""


def test_without_the_theme_s_style_sheet_they_have_the_system_s_colours(tab):
    without, with_it = tab.evaluate(ENDS)
    for ends, colours in ((without, [[255, 255, 255, 255], [0, 0, 0, 255]]),
                          (with_it, [[246, 247, 249, 255], [128, 25, 153, 255]])):
        assert np.abs(np.subtract(ends, [colours] * 2)).max() <= 1  # the scale's ends are rounded


def test_nothing_violates(tab, axe):
    assert violations(tab, axe, tags=None) == []
    assert {'look'} == {key for it in messages(tab) for key in it}


SIDES = """() => { const all = root => [...root.querySelectorAll('*')].flatMap(
  it => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])])
  return all(document).filter(it => it.matches('.body')).map(it => [
    it.clientWidth / it.getAttribute('aria-colcount'),
    it.clientHeight / it.getAttribute('aria-rowcount')]) }"""

SEEN = """it => it.parentElement.clientWidth
  - (it.getBoundingClientRect().left - it.parentElement.getBoundingClientRect().left)"""


@pytest.mark.parametrize('fingers, least', [(True, 28), (False, 12)])
def test_what_is_tapped_is_as_large_as_a_finger_needs(browser, site, fingers, least):
    names = [str(i) for i in range(24)]
    tapped, other = (Matrix(words=WORDS, locale='pt-BR', title='Um canto', rows=names[:12],
                            columns=names, values=np.eye(12, 24), tapped=it)
                     for it in (True, False))
    with alone(browser, site, pn.Column(tapped, other, sizing_mode='stretch_width'),
               has_touch=fingers, viewport={'width': 390, 'height': 844}) as tab:
        (width, height), now = tab.evaluate(SIDES)
        assert least <= min(width, height) <= max(width, height) < least + 3
        if fingers:  # a cell cut at the edge tells that there are more
            assert 0.2 < grid(tab).evaluate(SEEN) / width % 1 < 0.8
        assert 12 <= now[0] < 15  # the others show as much as they can
        assert tab.evaluate('document.documentElement.scrollWidth') == 390
        grid(tab).evaluate('it => { it.parentElement.scrollLeft = 1000 }')
        box = grid(tab).bounding_box()
        assert box['x'] + box['width'] <= 390
        touch = tab.touchscreen.tap if fingers else tab.mouse.click
        touch(box['x'] + 22.5 * width, box['y'] + 3.5 * height)
        cell = grid(tab).get_by_role('gridcell')
        expect(cell).to_have_attribute('aria-label', '3 → 22: 0,000')
        expect(cell).to_have_attribute('aria-selected', 'true')
