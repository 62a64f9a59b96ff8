"""A guided tour in Chromium: it leads from part to part, by mouse and by keyboard."""

import re

from chromium import wait_live, watched
from playwright.sync_api import expect

from pages.attention.page import Attention
from pages.locale import text

WORDS = text('pt')
BUTTONS, SAID = WORDS['frame']['tour'], WORDS['attention']['tour']


def is_lit(part) -> bool:
    """It is outlined, and its top is on the screen, above the bar."""
    return part.evaluate("""it => getComputedStyle(it).outlineStyle === 'solid'
      && it.getBoundingClientRect().top >= 0 && it.getBoundingClientRect().top < innerHeight / 2""")


def test_each_stop_is_lit_and_told_until_one_leaves(browser, site):
    with watched(browser, reduced_motion='reduce') as tab:
        tab.goto(f'{site}attention.html')
        wait_live(tab)
        begin = tab.get_by_role('button', name=BUTTONS['begin'].format(count=len(SAID)))
        bar = tab.get_by_role('region', name=BUTTONS['label'])
        expect(bar).to_be_hidden()
        begin.click()
        for place, stop in enumerate(Attention.tour):
            expect(bar.get_by_text(SAID[stop.key])).to_be_visible()
            part = tab.locator(f'.stop-{stop.key}').first
            for _ in range(100):
                if is_lit(part):
                    break
                tab.wait_for_timeout(50)
            assert is_lit(part), stop.key
            lit = [it.key for it in Attention.tour if tab.locator(f'.stop-{it.key}').first.evaluate(
                "it => getComputedStyle(it).outlineStyle === 'solid'")]
            assert lit == [stop.key]
            last = place + 1 == len(Attention.tour)
            tab.keyboard.press('Enter')  # the focus is on “next”
            expect(bar.get_by_text(SAID[stop.key])).to_be_hidden()
        assert last
        expect(bar).to_be_hidden()
        expect(begin).to_be_focused()
        expect(begin).to_be_in_viewport()  # the last stop is far below
        begin.click()
        expect(bar).to_be_visible()
        tab.keyboard.press('Escape')
        expect(bar).to_be_hidden()
        expect(tab.locator('.stop-ribbons').first).not_to_have_attribute(
            'style', re.compile('outline'))  # in the next frame
