"""On a phone, what is chosen or spoken of lies in sight within its frame; the page stays put."""

import numpy as np
import panel as pn
import pytest
from alone import alone
from playwright.sync_api import expect

from pages.attention.page import Attention
from pages.components.matrix import Matrix
from pages.components.thumbnails import Thumbnails
from pages.components.walk import Walk
from pages.locale import text

WORDS = text('pt')['matrix']
LONG = 'Era uma vez um menino que morava perto do rio. Ele tinha um gato preto e um cachorro.'
# Nothing of it beyond the frame's edges, or below the labels that stay there.
IN_SIGHT = """(it, labels) => {
  const frame = it.closest(labels ? '.frame' : '.maps'), edge = frame.getBoundingClientRect()
  const place = it.getBoundingClientRect(), root = it.getRootNode()
  const [left, top] = (labels ?? [null, null]).map(name => name && root.querySelector(name))
  const from = left ? left.getBoundingClientRect().right : edge.left
  const under = top ? top.getBoundingClientRect().bottom : edge.top
  const whole = it.matches('tr') || place.left >= from - 1 && place.right <= edge.right + 1
  return whole && place.top >= under - 1 && place.bottom <= edge.bottom + 1 && scrollY === 0
}"""


@pytest.fixture(scope='module')
def tab(browser, site):
    shown = Attention(query={'text': LONG})._view.walk.walk
    walk = Walk(print, **{name: getattr(shown, name) for name in (
        'title', 'tokens', 'values', 'words', 'facts', 'locale')}, key=len(shown.tokens) - 2)
    numbers = np.random.default_rng(0).normal(size=(120, 128))
    matrix = Matrix(words=WORDS, title='Muitos', scale='diverging', values=numbers,
                    picked=[100, 121])
    rows = Matrix(words=WORDS, title='Linhas', scale='diverging', values=numbers, cell=22, row=119)
    maps = Thumbnails(words=WORDS, across=8, title='Todas', values=np.full((16, 9, 9), 0.5),
                      names=[f'cabeça {i % 8 + 1}' for i in range(16)],
                      lines=['bloco 1', 'bloco 2'], marks=[''] * 16, chosen=15)
    with alone(browser, site, pn.Column(walk, matrix, rows, maps, sizing_mode='stretch_width'),
               viewport={'width': 390, 'height': 844}, reduced_motion='reduce') as tab:
        yield tab


def in_sight(tab, locator, labels=None) -> None:
    for _ in range(100):
        if locator.evaluate(IN_SIGHT, labels):
            return
        tab.wait_for_timeout(50)
    pytest.fail(f'{locator} is out of sight')


def test_the_row_spoken_of_with_a_step_and_the_one_before_it(tab):
    in_sight(tab, tab.locator('tr[aria-selected=true]'), ['thead th', 'thead th'])
    for step, columns in (('5.', 3), ('3.', 3), ('1.', 2)):
        tab.get_by_role('button', name=step).click()
        expect(tab.locator('thead th:visible')).to_have_count(columns)
        expect(tab.locator('thead th:visible').last).to_have_class('now')
        assert tab.locator('.frame').first.evaluate('it => it.scrollWidth <= it.clientWidth')
    # The head hides the rows that scroll below it.
    assert tab.locator('thead th.now').evaluate(
        "it => !getComputedStyle(it).backgroundColor.includes('/')")


def test_the_cell_picked_and_the_row_marked(tab):
    in_sight(tab, tab.locator('.pin:visible'), ['.left', '.top'])
    marked = tab.locator('.marked:visible')
    for _ in range(100):
        if marked.evaluate("""it => {
          const edge = it.closest('.frame').getBoundingClientRect(), at = it.getBoundingClientRect()
          return at.top >= edge.top && at.bottom <= edge.bottom + 3 }"""):
            return
        tab.wait_for_timeout(50)
    pytest.fail('the row is out of sight')


def test_the_map_of_the_head_opened_with_its_whole_name(tab):
    in_sight(tab, tab.locator('.map[aria-selected=true]'))
    names = tab.locator('.map .name')
    expect(names).to_have_count(16)
    assert names.evaluate_all('all => all.every(it => it.scrollWidth <= it.clientWidth)')
    assert tab.evaluate('document.documentElement.scrollWidth') == 390
