"""Every page for everyone: no axe violation, no page wider than the screen."""

import json
from pathlib import Path

import pytest
from accessible import violations
from chromium import first_held, fits, wait_live, watched
from playwright.sync_api import expect

ROWS = json.loads((Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))
PAGES = [row['name'] for row in ROWS]


@pytest.fixture(scope='module', params=[1440, 390], ids=lambda width: f'{width}px')
def tab(browser, site, request):
    with watched(browser, viewport={'width': request.param, 'height': 844}) as tab:
        tab.goto(site)
        yield wait_live(tab)


def go(tab, page, lang, theme):
    """To a page, in a language and a theme, by the buttons a reader has."""
    tab.locator(f'#nav a[data-page={page}]').click()
    wait_live(tab)
    tab.locator(f'[data-choose={lang}]').click()
    if tab.get_attribute('html', 'data-theme') != theme:
        tab.locator('#theme').click()
    expect(tab.locator('html')).to_have_attribute('data-theme', theme)


@pytest.mark.parametrize('lang, theme', [('pt', 'light'), ('en', 'dark')])
@pytest.mark.parametrize('page', PAGES)
def test_a_live_page_has_no_violation_and_fits_the_screen(tab, axe, page, lang, theme):
    go(tab, page, lang, theme)
    assert violations(tab, axe) == []
    fits(tab)


@pytest.mark.parametrize('theme', ['light', 'dark'])
def test_loading_and_failing_pages_have_no_violation(browser, site, axe, theme):
    with watched(browser, allowed=('Failed to load', 'net::ERR'), color_scheme=theme) as tab:
        held = []
        tab.route('**/snapshot.bin', lambda route: held.append(route))
        tab.route('**/python.zip', lambda route: route.abort())
        tab.goto(site)
        expect(tab.locator('.boot-bytes')).to_contain_text('MB')
        assert violations(tab, axe) == []
        first_held(tab, held).abort()
        tab.wait_for_selector('html[data-state=error]', state='attached')
        assert violations(tab, axe) == []


def test_reflow_at_320_pixels(browser, site):
    with watched(browser, viewport={'width': 320, 'height': 640}) as tab:
        tab.goto(f'{site}inference.html')
        wait_live(tab)
        fits(tab)
