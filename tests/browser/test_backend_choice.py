"""The footer says who computes, lets the reader choose another, and remembers it."""

import re
import shutil

import pytest
from accessible import violations
from chromium import FLAGS, fits, here, wait_live, watched
from playwright.sync_api import expect
from python_tabs import CARD

BUSY = 60_000


@pytest.fixture(params=[1440, 390], ids=lambda width: f'{width}px')
def tab(browser, site, request):
    with watched(browser, viewport={'width': request.param, 'height': 844}) as tab:
        tab.goto(site)
        yield wait_live(tab)


def line(tab):
    return tab.locator('#computes summary')


def opened(tab):
    """The choice, opened by the keyboard."""
    line(tab).press('Enter')
    return tab.get_by_label('Calcular com')


def prose_of_seed_8(tab) -> str:
    text = here(tab).locator('.text')
    before = text.text_content()
    tab.get_by_role('button', name='Outra continuação').click()
    expect(here(tab).locator('ul.facts')).to_contain_text('semente 8')
    expect(text).not_to_have_text(before)
    expect(text).to_have_attribute('aria-busy', 'false', timeout=BUSY)
    return text.text_content()


def test_another_backend_writes_the_same_text_and_is_remembered(tab):
    expect(line(tab)).to_have_text(re.compile(r'^Quem calcula: SIMD( relaxado)? · \d+ threads?$'))
    text = prose_of_seed_8(tab)
    choice = opened(tab)
    expect(choice).to_have_value('auto')
    choice.focus()
    tab.keyboard.press('n')  # NumPy, as one chooses in a list by its first letter
    expect(choice).to_have_value('numpy')
    expect(line(tab)).to_have_text('Quem calcula: NumPy · 1 thread')
    fits(tab)
    tab.goto(tab.url.split('?')[0])  # the seed, which may be in the address by now, starts anew
    wait_live(tab)
    expect(line(tab)).to_have_text('Quem calcula: NumPy · 1 thread')
    assert prose_of_seed_8(tab) == text
    tab.get_by_role('button', name='English').click()
    expect(line(tab)).to_have_text('Computed by NumPy · 1 thread')


def test_an_absent_one_cannot_be_chosen_and_says_why(tab):
    opened(tab)
    expect(tab.locator('#computes option[value=cupy]')).to_be_disabled()
    expect(tab.locator('#computes li').filter(has_text='CuPy: ')).to_contain_text('NVIDIA')
    tab.evaluate("localStorage.setItem('minigpt.backend', 'cupy')")
    tab.reload()
    wait_live(tab)
    expect(tab.locator('#computes select')).to_have_value('auto')
    expect(line(tab)).to_contain_text('SIMD')


@pytest.mark.parametrize('theme', ['light', 'dark'])
def test_the_open_choice_has_no_violation(browser, site, axe, theme):
    with watched(browser, color_scheme=theme) as tab:
        tab.goto(site)
        opened(wait_live(tab))
        assert violations(tab, axe, 'footer', tags=None) == []


def test_a_card_that_is_lost_is_told(browser, site):
    with_card = browser.browser_type.launch(executable_path=shutil.which('chromium'),
                                            args=[*FLAGS, *CARD])
    with watched(with_card) as tab:
        tab.goto(f'{site}training.html')
        opened(wait_live(tab)).select_option('webgpu')
        expect(line(tab)).to_have_text('Quem calcula: WebGPU')
        python = next(it for it in tab.workers if it.url.endswith('/worker.mjs'))
        python.evaluate('self.minigptGpu.device.destroy()')
        tab.locator('section[data-page=training]').get_by_role(
            'button', name='Treinar', exact=True).click()
        expect(line(tab)).to_contain_text('SIMD', timeout=BUSY)
        expect(tab.locator('#computes option[value=webgpu]')).to_be_disabled()
        expect(tab.locator('#computes li').filter(has_text='WebGPU: ')).to_contain_text(
            'a placa de vídeo foi perdida')
    with_card.close()
