"""A link or the reader's own lab: the page as it was built is not passed off as theirs."""

import re

import numpy as np
import pytest
from chromium import first_held, wait_live, watched
from playwright.sync_api import expect

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab

TEXT = 'O rato roeu a roupa do rei de Roma. ' * 20
# How much of what is in a page's view shows through what lies over it.
SHOWN = """view => {
  const sheet = getComputedStyle(view.parentElement, '::before')
  return sheet.content === 'none' || sheet.position !== 'absolute' ? 1 : 1 - sheet.opacity
}"""


def view(tab):
    return tab.locator('section:not([hidden]) .view')


def told(tab):
    """The sentence over the page, if there is one."""
    return tab.locator('section:not([hidden]) .opening').locator('visible=true')


@pytest.mark.parametrize('locale, sentence, name', [
    ('pt-BR', 'Abrindo o seu link', 'Semente'), ('en-GB', 'Opening your link', 'Seed')])
def test_a_link_s_page_is_covered_until_it_is_the_link_s(browser, site, locale, sentence, name):
    with watched(browser, locale=locale) as tab:
        held = []
        tab.route('**/snapshot.bin', lambda route: held.append(route))
        tab.goto(f'{site}inference.html?seed=12')
        expect(told(tab)).to_contain_text(sentence)
        expect(tab.locator('html')).to_have_attribute('data-drawn', 'inference')
        assert view(tab).evaluate(SHOWN) <= .25
        assert view(tab).evaluate('it => it.inert')  # what one does there would be done to another
        top = view(tab).bounding_box()['y']
        first_held(tab, held).continue_()
        wait_live(tab)
        expect(told(tab)).to_have_count(0)
        assert view(tab).evaluate(SHOWN) == 1 and not view(tab).evaluate('it => it.inert')
        assert view(tab).bounding_box()['y'] == top
        expect(tab.get_by_role('textbox', name=name, exact=True)).to_have_value('12')


def test_a_page_as_it_was_built_is_not_covered(browser, site):
    with watched(browser) as tab:
        held = []
        tab.route('**/snapshot.bin', lambda route: held.append(route))
        tab.goto(f'{site}inference.html')
        expect(tab.locator('html')).to_have_attribute('data-drawn', 'inference')
        expect(told(tab)).to_have_count(0)
        assert view(tab).evaluate(SHOWN) == 1 and not view(tab).evaluate('it => it.inert')
        first_held(tab, held).continue_()
        wait_live(tab)


def test_the_reader_s_own_model_is_waited_for_on_every_page(browser, site, tmp_path):
    tokenizer = BPETokenizer.train(TEXT, 300, ['<|endoftext|>'])
    model = GPT(GPTConfig(tokenizer.vocab_size, block_size=64, n_embd=16, n_head=2, n_layer=1),
                np.random.default_rng(0))
    file = tmp_path / 'rato.safetensors'
    Lab(Checkpoint(model, tokenizer, {'step': '40'}), TEXT, 'rato').save(file)
    with watched(browser) as tab:
        tab.goto(site)
        wait_live(tab)
        tab.locator('input[accept=".safetensors"]').set_input_files(file)
        expect(tab.get_by_text(re.compile('Em uso: “rato”'))).to_be_visible()
        expect(tab.locator('html')).to_have_attribute('data-lab', 'saved')
        held = []
        tab.route('**/snapshot.bin', lambda route: held.append(route))
        tab.goto(site)
        expect(told(tab)).to_contain_text('Abrindo o seu modelo')
        expect(tab.locator('.text')).to_contain_text('Era uma vez')  # of the site's model
        assert view(tab).evaluate(SHOWN) <= .25
        tab.locator('#nav').get_by_role('link', name='Embeddings').click()
        expect(tab.locator('html')).to_have_attribute('data-drawn', 'embeddings')
        expect(told(tab)).to_contain_text('Abrindo o seu modelo')
        first_held(tab, held).continue_()
        wait_live(tab)
        expect(told(tab)).to_have_count(0)
        tab.locator('#nav').get_by_role('link', name='Início').click()
        wait_live(tab)
        expect(told(tab)).to_have_count(0)
        expect(tab.get_by_text(re.compile('Em uso: “rato”'))).to_be_visible()


def test_a_name_that_the_page_does_not_know_is_told_where_the_link_is_opened(browser, site):
    with watched(browser) as tab:
        for name, said in (('temprature', 'temprature (nome que esta página não conhece, talvez t)'),
                           ('token', '')):
            tab.goto(f'{site}inference.html?{name}=2&seed=12')
            wait_live(tab)
            expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('12')
            note = view(tab).get_by_text('Nem tudo deste link pôde').locator('visible=true')
            expect(note).to_have_count(1 if said else 0)
            if said:
                expect(note).to_contain_text(said)


def test_where_the_start_fails_the_example_stays_covered(browser, site):
    with watched(browser, allowed=('Failed to load resource', 'net::ERR')) as tab:
        tab.route('**/zstd.wasm', lambda route: route.abort())
        tab.goto(f'{site}inference.html?seed=12')
        tab.wait_for_selector('html[data-state=error]', state='attached')
        expect(told(tab)).to_have_count(0)
        assert view(tab).evaluate('it => it.inert')
