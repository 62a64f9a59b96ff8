"""What a finger touches is explained until it touches elsewhere; a mouse only has to leave."""

import pytest
from alone import alone
from playwright.sync_api import expect

from pages.components.strategy_table import StrategyTable
from pages.locale import text
from pages.tokenizer.page import Tokenizer

HINT = text('pt')['tokenizer']['strategies']['hint']


def table() -> StrategyTable:
    """The tokenizer page's own, as it opens."""
    shown = Tokenizer()._view.strategies
    return StrategyTable(**{name: getattr(shown, name) for name in
                            ('rows', 'measures', 'lead', 'words', 'locale')})


@pytest.fixture(scope='module')
def tab(browser, site):
    with alone(browser, site, table(), has_touch=True,
               viewport={'width': 390, 'height': 844}) as tab:
        yield tab


def about(tab):
    return tab.locator('p.about')


def test_what_is_tapped_stays_explained_until_a_tap_elsewhere(tab):
    name = tab.locator('tr.words th .name')
    expect(about(tab)).to_have_text(HINT)
    name.tap()
    expect(about(tab)).not_to_have_text(HINT)
    said = about(tab).text_content()
    tab.locator('tr.bytes th .name').tap()
    expect(about(tab)).not_to_have_text(said)
    tab.locator('h1').tap()
    expect(about(tab)).to_have_text(HINT)


def test_a_mouse_that_leaves_takes_the_explanation_with_it(tab):
    tab.locator('tr.bytes td.tokens').hover()
    expect(about(tab)).not_to_have_text(HINT)
    tab.locator('h1').hover()
    expect(about(tab)).to_have_text(HINT)


def test_what_comes_under_a_resting_mouse_is_not_pointed_at(tab):
    tab.locator('tr.bytes th .name').hover()
    tab.locator('tr.bytes td.tokens').focus()
    tab.keyboard.press('ArrowRight')
    expect(about(tab)).to_contain_text('÷')
    tab.evaluate("""async () => {  // under the mouse the page moves on to another row
      document.querySelector('h1').style.marginTop = '-60px'
      for (const end = performance.now() + 300; performance.now() < end;) {
        await new Promise(requestAnimationFrame)
      }
    }""")
    expect(about(tab)).to_contain_text('÷')
    tab.locator('tr.words th .name').hover()
    expect(about(tab)).not_to_contain_text('÷')
