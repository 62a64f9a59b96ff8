"""The transformer page under a reader's hands: one visit."""

import re

import numpy as np
import pytest
from chromium import here, wait_live, watched
from playwright.sync_api import expect

from minigpt import Trace
from minigpt.nn.ablation import switched_off
from pages.lab import lab
from pages.locale import text
from pages.transformer.page import FIRST_PROMPT
from pages.transformer.reading import shares

WAIT = 60_000
WORDS = text('pt')['transformer']


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}transformer.html')
        yield wait_live(tab)


def block(tab):
    """The block that can be switched; two more stand below, beside each other."""
    return here(tab).get_by_role('toolbar').first


def switch(tab, name):
    return block(tab).get_by_role('switch', name=name, exact=True).first


def headline(tab):
    return here(tab).locator('h3[role=status]')


def after(*off) -> str:
    """minigpt's own favourite, as the page writes it."""
    ids, trace = np.array(lab().tokenizer.encode(FIRST_PROMPT))[None], Trace()
    lab().model.forward(ids, trace=trace, change=switched_off(lab().model, ids, off))
    share = shares(trace['logits'][0, -1])
    return f'{100 * share.max():.1f}%'.replace('.', ',')


def test_it_opens_on_a_true_result_with_a_band_of_true_width(tab):
    expect(headline(tab)).to_contain_text(after())
    expect(block(tab).locator('.card')).to_have_count(10)
    box = block(tab).locator('.band .body').last.bounding_box()
    first = block(tab).locator('.band .body').first.bounding_box()
    ids, trace = np.array(lab().tokenizer.encode(FIRST_PROMPT))[None], Trace()
    lab().model.forward(ids, trace=trace)
    norms = [np.linalg.norm(trace[name][0, -1]) for name in ('embed', 'h.0.resid_post')]
    assert first['height'] / box['height'] == pytest.approx(norms[0] / norms[1], abs=0.02)


def test_a_switch_changes_the_next_word(tab):
    switch(tab, 'Atenção').click()
    expect(headline(tab)).to_contain_text(after('h.0.attn'))
    expect(switch(tab, 'Atenção')).to_have_attribute('aria-checked', 'false')
    expect(block(tab).locator('.before').first).to_be_attached()
    expect(tab).to_have_url(re.compile(r'off=h\.0\.attn'))
    here(tab).get_by_role('button', name=WORDS['next']['back']).click()
    expect(headline(tab)).to_contain_text(after())


def test_the_keyboard_reaches_every_part_and_switch(tab):
    block(tab).locator('button[tabindex="0"]').focus()
    tab.keyboard.press('Home')
    for _ in range(3):  # past the model's own switches and what enters
        tab.keyboard.press('ArrowRight')
    expect(here(tab).locator('.about', has_text='y = ganho').first).to_be_visible()
    tab.keyboard.press('End')
    tab.keyboard.press('Enter')
    expect(block(tab).locator('.card.chosen .name')).to_have_text(WORDS['block']['titles']['out'])
    tab.keyboard.press('Escape')
    expect(block(tab).locator('.card.chosen .name')).to_have_text(
        WORDS['block']['titles']['neurons'])
    tab.mouse.move(0, 0)


def test_each_kind_of_part_opens_its_picture(tab):
    cards = block(tab).locator('button.name')
    cards.nth(1).click()
    expect(here(tab).get_by_role('slider', name=WORDS['detail']['spread']['title'])).to_be_visible()
    cards.nth(2).click()
    expect(here(tab).locator('.row', has_text='cabeça 4 →')).to_be_visible()
    cards.nth(4).click()
    title = WORDS['detail']['vectors']['title']
    expect(here(tab).get_by_role('slider', name=title)).to_be_visible()
    cards.nth(6).click()
    expect(here(tab).locator('.list li', has_text='neurônio').first).to_be_visible()
    expect(here(tab).get_by_text('maiores ativações em 12.000 tokens')).to_be_visible(timeout=WAIT)


def test_a_row_of_the_lens_opens_its_part(tab):
    row = here(tab).get_by_role('row', name=re.compile('^MLP 3'))
    expect(row.locator('.without .number')).to_have_text(re.compile('%'), timeout=WAIT)
    row.click()
    expect(here(tab).get_by_role('radio', name=re.compile('Bloco 3'))).to_be_checked()
    expect(row).to_have_attribute('aria-selected', 'true')


def test_own_text_is_read_at_once_and_an_exercise_is_done(tab):
    map_of_blocks = here(tab).get_by_role('group', name=WORDS['stream']['title'])
    before = map_of_blocks.inner_text()
    button = map_of_blocks.get_by_role('radio').first.element_handle()
    here(tab).get_by_label(WORDS['prompt']['label'], exact=True).fill('<b>O rio</b> corre para o')
    expect(here(tab).get_by_role('option', name=re.compile('«<»|«b»')).first).to_be_visible()
    expect(map_of_blocks).not_to_have_text(before, use_inner_text=True)
    assert button.evaluate('it => it.isConnected')  # Chromium would keep the one it was
    here(tab).get_by_label(WORDS['prompt']['label'], exact=True).fill('')
    expect(here(tab).get_by_role('alert').filter(has_text=re.compile('.')).first).to_be_visible()
    expect(block(tab).locator('.card')).to_have_count(0)
    here(tab).get_by_role('button', name=FIRST_PROMPT).click()
    here(tab).get_by_role('radio', name=re.compile('Bloco 1')).check()
    switch(tab, 'MLP').click()
    done = text('pt')['transformer']['exercises']['switch']['done']
    expect(here(tab).get_by_text(done).first).to_be_visible()
    switch(tab, 'MLP').click()


def test_the_kin_are_trained_and_compared(tab):
    kin = WORDS['kin']
    here(tab).get_by_role('radio', name='GQA').check()
    expect(here(tab).get_by_text('512 bytes no cache em vez de 1024')).to_be_visible()
    here(tab).get_by_role('button', name=kin['actions']['train']).click()
    expect(here(tab).locator('p', has_text=re.compile(r'Passo \d+ de 120')).first
           ).to_be_visible(timeout=WAIT)
    here(tab).get_by_role('button', name=kin['actions']['pause']).click()
    expect(here(tab).get_by_role('button', name=kin['actions']['pause'])).to_have_attribute(
        'aria-disabled', 'true')
    expect(here(tab).get_by_role('heading', name=kin['chart']['title'])).to_be_visible()
