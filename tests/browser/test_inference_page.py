"""The tree and the folds of the inference page under a reader's hands: one visit."""

import math
import re

import numpy as np
import pytest
from accessible import violations
from chromium import caught, fits, here, wait_live, watched
from playwright.sync_api import expect

from minigpt.inference import log_probs_and_entropies
from pages.inference.page import Inference
from pages.lab import lab
from pages.locale import text

WAIT = 60_000
WORDS = text('pt')['inference']
OWN = 'Era uma vez uma menina chamada Benedita.\nO gato dorme.\nBola na rede.\n'


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}inference.html')
        yield wait_live(tab)


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


def lines(tab):
    """The branches of the tree, in drawing order."""
    return here(tab).get_by_role('treeitem')


def pin(tab, index):
    here(tab).locator('.strip .token:not(.prompt, .pending)').nth(index).click()


def open_fold(tab, name):
    """By the keyboard."""
    handle = here(tab).locator('summary').filter(has_text=WORDS[name]['title'])
    handle.focus()
    handle.press('Enter')
    expect(tab).to_have_url(re.compile(rf'open=[a-z.]*{name}'))


def written(tab):
    """Wait until nothing is being written."""
    expect(here(tab).locator('.strip[aria-busy]')).to_have_attribute('aria-busy', 'false',
                                                                     timeout=WAIT)


def test_another_word_makes_the_tree_branch_and_the_keyboard_walks_it(tab):
    expect(lines(tab)).to_have_count(1)
    pin(tab, 2)
    before = Inference().text.ids[:len(Inference().text.prompt_ids) + 2]
    expect(here(tab).locator('q')).to_have_text(lab().tokenizer.decode(before))  # its table is there
    here(tab).locator('tbody tr:not(.drawn) .pick').first.click()
    written(tab)
    expect(lines(tab)).to_have_count(2)
    expect(lines(tab).nth(1)).to_have_attribute('aria-selected', 'true')
    fork = lines(tab).nth(1).locator('.fork')
    above, below = lines(tab).nth(0).locator('.token').nth(2).bounding_box(), fork.bounding_box()
    assert below['y'] > above['y'] and abs(below['x'] - above['x']) < 24  # where it parts
    lines(tab).first.focus()
    for key, place in (('ArrowDown', 1), ('ArrowLeft', 0), ('ArrowRight', 1), ('Home', 0)):
        tab.keyboard.press(key)
        expect(lines(tab).nth(place)).to_be_focused()
    tab.keyboard.press('Enter')
    expect(lines(tab).first).to_have_attribute('aria-selected', 'true')
    expect(lines(tab).first).to_be_focused()
    want = Inference().text.written
    expect(here(tab).locator('.strip .token:not(.prompt, .pending)')).to_have_count(len(want))
    expect(tab).to_have_url(re.compile(r'tree=7\*\d+\*2\.\d+'))


def test_a_token_of_a_branch_is_shown_above_and_a_branch_can_be_forgotten(tab):
    lines(tab).nth(1).locator('.token').nth(3).click()
    expect(lines(tab).nth(1)).to_have_attribute('aria-selected', 'true')
    expect(here(tab).locator('.strip .token.shown')).to_have_text(
        lines(tab).nth(1).locator('.token').nth(3).text_content())
    tab.keyboard.press('Delete')
    expect(lines(tab)).to_have_count(1)
    expect(button(tab, WORDS['tree']['remove'])).to_have_count(0)


def test_a_cut_names_its_rule(tab):
    rules = here(tab).locator('tbody td.cut .word')
    expect(rules.filter(has_text='top-k').first).to_be_attached()
    here(tab).get_by_role('checkbox', name='Min-p: ligado').check()
    here(tab).get_by_role('textbox', name='Min-p', exact=True).fill('0,9')
    expect(rules.filter(has_text='min-p').first).to_be_attached()
    here(tab).get_by_role('checkbox', name='Min-p: ligado').uncheck()


def test_surprise_and_entropy_are_minigpt_s_own(tab):
    open_fold(tab, 'surprise')
    ids = Inference().text.ids
    found, entropies = log_probs_and_entropies(lab().model, ids)
    bars = here(tab).locator('[data-bits]')
    expect(bars).to_have_count(len(ids))
    read = np.array(bars.evaluate_all(
        'all => all.slice(1).map(it => [Number(it.dataset.bits), Number(it.dataset.entropy)])'))
    np.testing.assert_allclose(read, np.array([-found, entropies]).T / math.log(2), atol=1e-3)
    bars.nth(7).click()
    expect(bars.nth(7)).to_have_attribute('aria-selected', 'true')
    expect(here(tab).locator('.strip .token.shown')).to_have_text(
        bars.nth(7).locator('.text').text_content())


def test_the_decoders_write_what_they_write_natively(tab):
    open_fold(tab, 'duel')
    cards = here(tab).locator('li', has=tab.locator('h4'))
    expect(cards).to_have_count(4)
    expect(cards.nth(3).locator('dd').first).to_be_attached(timeout=WAIT)
    stop = here(tab).get_by_role('group', name=WORDS['duel']['title']).get_by_role(
        'button', name=WORDS['duel']['stop'])
    expect(stop).to_have_attribute('aria-disabled', 'true', timeout=WAIT)
    page = Inference()
    duel = next(it for it in page.experiments if it.section == 'duel')
    for _ in duel.steps():
        pass
    for place, entry in enumerate(duel.entries.values()):
        expect(cards.nth(place).locator('.text')).to_have_text(
            lab().tokenizer.decode(page.text.prompt_ids) + entry.text)


def test_the_cache_fills_and_its_saving_is_measured(tab):
    open_fold(tab, 'cache')
    grid = here(tab).locator('.grid[role=slider]')
    expect(grid).to_have_attribute('data-filled', str(len(Inference().text.ids)))
    grid.focus()
    grid.press('End')
    expect(grid).to_have_attribute('aria-valuetext', re.compile('Posição 46'))
    said = here(tab).locator('p').filter(has_text='128 tokens no contexto')
    expect(said).to_be_visible(timeout=WAIT)
    expect(said).to_contain_text('7 voltas', timeout=WAIT)
    button(tab, 'Recomeçar').click()
    button(tab, 'Um token').click()
    expect(grid).to_have_attribute('data-filled', '7')


def test_a_batch_is_written_one_by_one_and_together(tab):
    open_fold(tab, 'batch')
    box = here(tab).get_by_label(WORDS['batch']['label'])
    expect(here(tab).locator('p').filter(has_text='tokens/s juntos')).to_be_visible(timeout=WAIT)
    expect(here(tab).locator('p').filter(has_text=WORDS['batch']['same'])).to_be_visible()
    box.fill('<img src=x onerror="document.title=1">\nO sol')
    expect(here(tab).locator('p').filter(has_text=WORDS['batch']['stale'])).to_be_visible()
    button(tab, WORDS['batch']['run']).click()
    expect(here(tab).locator('h4', has_text='Linha')).to_have_count(2, timeout=WAIT)
    expect(here(tab).locator('.before').filter(has_text='<img src=x')).to_be_visible()
    assert tab.title() != '1' and here(tab).locator('.view img').count() == 0


def test_the_way_of_a_token_is_walked_station_by_station(tab):
    open_fold(tab, 'way')
    stations = here(tab).locator('li', has=tab.locator('.shape'))
    expect(stations).to_have_count(14)
    expect(stations.nth(2).locator('.shape')).to_have_text(re.compile(r'^1 × \d+ × 128$'))
    stations.first.focus()
    tab.keyboard.press('ArrowDown')
    tab.keyboard.press('End')
    expect(stations.nth(13)).to_be_focused()
    expect(stations.nth(13)).to_have_class(re.compile('lit'))
    with caught(tab, 'li.lit[data-index="0"]'), caught(tab, 'li.lit[data-index="1"]'):
        button(tab, WORDS['way']['picture']['play']).click()
    stations.first.locator('xpath=../..').get_by_role(
        'button', name=WORDS['way']['picture']['stop']).click()


def test_the_lines_of_one_s_own_text_are_ranked(tab):
    button(tab, 'Gerar').click()
    expect(here(tab).locator('.strip[aria-busy=false] .token:not(.prompt, .pending)')
           ).to_have_count(len(Inference().text.written), timeout=WAIT)
    pin(tab, 0)
    expect(here(tab).locator('.strip .token.shown')).to_have_text('·B')
    open_fold(tab, 'influence')
    here(tab).locator('summary').filter(has_text=text('pt')['own_text']['title']).click()
    here(tab).get_by_label(text('pt')['own_text']['label'], exact=True).fill(OWN)
    button(tab, text('pt')['own_text']['use']).click()
    expect(here(tab).locator('#in-use')).to_contain_text(f'{len(OWN)}')
    button(tab, WORDS['influence']['run']).click()
    rows = here(tab).locator('li[data-line]')
    expect(rows.first.locator('.text')).to_have_text(OWN.split('\n')[0], timeout=WAIT)
    expect(rows.first.locator('mark').first).to_have_text(' B')
    assert float(rows.first.get_attribute('data-value')) > 0
    button(tab, text('pt')['own_text']['shipped']).click()
    expect(rows).to_have_count(0)
    button(tab, WORDS['influence']['run']).click()
    expect(rows.first).to_be_visible(timeout=WAIT)
    button(tab, WORDS['influence']['pause']).click()
    expect(button(tab, WORDS['influence']['resume'])).to_be_visible()
    button(tab, WORDS['influence']['cancel']).click()
    expect(rows).to_have_count(0)


def test_an_exercise_is_done_by_hand(tab):
    here(tab).get_by_role('textbox', name='Temperatura', exact=True).fill('0')
    button(tab, 'Gerar').click()
    expect(here(tab).locator('li[data-key=greedy]')).to_have_class(re.compile('done'),
                                                                   timeout=WAIT)


def test_open_folds_have_no_violation_and_fit_a_phone(tab, axe):
    assert violations(tab, axe) == []
    tab.set_viewport_size({'width': 390, 'height': 844})
    tab.locator('#theme').click()
    fits(tab)
    assert violations(tab, axe) == []
