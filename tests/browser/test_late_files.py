"""What Python may read later, read sooner: nothing fails, whoever needs it waits for it."""

import re

import pytest
from chromium import wait_live, watched
from playwright.sync_api import expect


class Rest:
    """Answers for rest.bin: the page's own wish for it is held, later ones are not."""

    def __init__(self, tab):
        self.asked = []
        tab.route('**/rest.bin', self.answer)

    def answer(self, route):
        self.asked.append(route)
        if len(self.asked) > 1:
            route.continue_()


def type_in_console(tab, source):
    """What the console says to a line."""
    if tab.locator('#console').is_hidden():
        tab.keyboard.press('F2')
    line, answers = tab.locator('#console textarea'), tab.locator('#console article')
    count = answers.count()
    line.fill(source)
    line.press('Enter')
    expect(answers).to_have_count(count + 1)
    expect(answers.last).to_have_attribute('aria-busy', 'false')
    return answers.last.locator('.parts')


@pytest.fixture
def tab(browser, site):
    with watched(browser) as tab:
        rest = tab.rest = Rest(tab)
        with tab.expect_request('**/rest.bin'):
            tab.goto(site)
        wait_live(tab)
        yield tab
        rest.asked[0].continue_()


def test_an_import_on_a_page_just_live_brings_what_it_needs(tab):
    expect(type_in_console(tab, 'import wave; wave.WAVE_FORMAT_PCM')).to_have_text('1\n')
    expect(type_in_console(tab, 'import numpy.polynomial; numpy.polynomial.__name__')
           ).to_contain_text("'numpy.polynomial'")
    assert len(tab.rest.asked) == 2  # the page's own, and one that could not wait


def test_so_does_a_file_that_is_read_or_looked_for(tab):
    source = ("import os, minigpt.shipped as it; p = it.folder() / it.CORPUS; "
              "(os.stat(p).st_size, len(p.read_bytes()), p.name in os.listdir(p.parent))")
    expect(type_in_console(tab, source)).to_contain_text(re.compile(r'\((\d{6}), \1, True\)'))


def test_nothing_waits_for_it_in_an_ordinary_visit(browser, site):
    with watched(browser) as tab:
        asked = []
        tab.on('request', lambda it: it.url.endswith('rest.bin') and asked.append(it))
        with tab.expect_request('**/rest.bin'):
            tab.goto(site)
        wait_live(tab)
        tab.get_by_role('button', name='Outra continuação').click()
        expect(tab.locator('ul.facts')).to_contain_text('semente 8')
        tab.locator('#nav').get_by_role('link', name='Modelo').click()
        wait_live(tab)
        assert len(asked) == 1
