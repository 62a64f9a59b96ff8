"""What stands around a page's picture, under a reader's hands, on the inference page."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from accessible import violations
from chromium import fits, here, wait_live, watched
from playwright.sync_api import expect

from pages.inference.page import Inference
from pages.locale import text

ROOT = Path(__file__).parents[2]
WORDS = text('pt')


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}inference.html')
        yield wait_live(tab)


def button(tab, name):
    return tab.get_by_role('button', name=name, exact=True)


def term(tab, key):
    return here(tab).locator(f'button[data-key={key}]')


def lines_shown(tab):
    return tab.get_by_role('region', name='Código de next_token_distribution')


def test_a_term_opens_its_note_by_keyboard_and_one_at_a_time(tab):
    notes = WORDS['glossary']
    term(tab, 'logit').focus()
    tab.keyboard.press('Enter')
    expect(here(tab).locator('#note:visible', has_text=notes['logit']['note'])).to_have_count(1)
    tab.keyboard.press('Tab')
    tab.keyboard.press('Space')
    expect(here(tab).get_by_text(notes['temperature']['note'])).to_be_visible()
    expect(here(tab).get_by_text(notes['logit']['note'])).to_have_count(0)
    expect(term(tab, 'logit')).to_have_attribute('aria-expanded', 'false')
    tab.keyboard.press('Escape')
    expect(here(tab).get_by_text(notes['temperature']['note'])).to_have_count(0)
    expect(term(tab, 'temperature')).to_be_focused()


def test_a_hint_is_shown_on_demand(tab):
    hint = here(tab).get_by_text(WORDS['inference']['exercises']['share']['hint'])
    expect(hint).to_be_hidden()
    button(tab, 'Ver a dica').last.click()
    expect(hint).to_be_visible()


def test_a_typed_answer_is_checked(tab):
    second, first = np.sort(Inference().text.logits_at(0))[-2:]
    box = tab.get_by_role('textbox', name='Resposta do exercício 3')
    box.fill('99')
    box.press('Enter')
    expect(here(tab).get_by_text(WORDS['frame']['exercises']['wrong']).first).to_be_visible()
    box.fill(f'{np.exp(first - second):.1f}'.replace('.', ','))
    button(tab, 'Conferir').click()
    expect(here(tab).locator('li.done')).to_contain_text('A razão entre duas probabilidades')
    expect(here(tab).get_by_text('1 de 3 feitos')).to_be_visible()


def test_the_source_is_the_library_s_own_lines(tab):
    here(tab).get_by_text(WORDS['frame']['source']['title']).click()
    shown = lines_shown(tab)
    expect(shown).to_contain_text('def next_token_distribution(')
    file = ROOT / 'py/minigpt/inference/sampling.py'
    lines = file.read_text(encoding='utf-8').splitlines()
    for line in shown.locator('.line').all():
        number = int(line.get_attribute('data-number'))
        assert line.text_content().rstrip('\n') == lines[number - 1]
    expect(here(tab).locator('.keyword', has_text='return').first).to_be_visible()


def test_the_script_s_numbers_are_the_page_s(tab, tmp_path):
    with tab.expect_download() as download:
        button(tab, 'Baixar esta vista como script').click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    printed = subprocess.run([sys.executable, file], env={'PYTHONPATH': str(ROOT / 'py'),
                             'PYTHONIOENCODING': 'utf-8'}, capture_output=True, encoding='utf-8',
                             check=True).stdout
    shown = here(tab).locator('.strip .token:not(.prompt, .pending)')
    assert len(printed.split('Era uma vez')[0].splitlines()) == shown.count()
    table = printed.splitlines()[-14:]
    for line, cell in zip(table, here(tab).locator('tbody td.probability').all(), strict=False):
        assert float(line.split()[-1]) == pytest.approx(float(cell.get_attribute('data-value')),
                                                        abs=1e-4)


def test_what_is_done_is_remembered_and_can_be_begun_again(tab):
    expect(tab.locator('html')).to_have_attribute('data-lab', 'saved')
    tab.reload()
    wait_live(tab)
    expect(here(tab).locator('li.done')).to_have_count(1)
    button(tab, 'Recomeçar os exercícios').click()
    expect(here(tab).locator('li.done')).to_have_count(0)


def test_every_part_open_has_no_violation_and_fits_a_phone(tab, axe):
    here(tab).get_by_text(WORDS['frame']['source']['title']).click()
    expect(lines_shown(tab)).to_be_visible()
    term(tab, 'softmax').click()
    button(tab, 'Ver a dica').first.click()
    for theme in ('light', 'dark'):
        expect(tab.locator('html')).to_have_attribute('data-theme', theme)
        assert violations(tab, axe) == []
        tab.locator('#theme').click()
    tab.set_viewport_size({'width': 390, 'height': 844})
    fits(tab)
