"""The tokenizer page under a reader's hands."""

import re

import pytest
from chromium import here, wait_live, watched
from playwright.sync_api import expect

from minigpt.lab import shipped_lab as lab
from minigpt.tokenizer import BPETokenizer
from pages.tokenizer.state import FIRST_TEXT

WAIT = 60_000


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser, accept_downloads=True) as tab:
        tab.goto(f'{site}tokenizer.html')
        yield wait_live(tab)


def button(tab, name):
    return tab.get_by_role('button', name=name, exact=True)


def ids(tab) -> list[int]:
    return [int(it) for it in here(tab).locator('.ids .token').all_text_contents()]


def shows(tab, want: list[int]):
    """Wait until these ids, and no others, are on the screen."""
    expect(here(tab).locator('.ids .token')).to_have_text([str(it) for it in want], timeout=WAIT)


def write(tab, text):
    here(tab).get_by_label('Seu texto', exact=True).first.fill(text)


def merges(tab):
    return tab.get_by_role('slider', name='Fusões aplicadas')


def test_it_opens_on_a_finished_result(tab):
    shows(tab, lab().tokenizer.encode(FIRST_TEXT))
    expect(here(tab).locator('tr.bpe td.tokens')).to_have_attribute(
        'data-value', str(len(ids(tab))))
    expect(here(tab).locator('tr.whitespace_bpe td.exact')).to_have_attribute(
        'data-value', 'false', timeout=WAIT)
    expect(here(tab).locator('.summary')).to_contain_text('tokens deste vocabulário', timeout=WAIT)


def test_from_bytes_to_all_merges_and_back(tab):
    tokenizer = lab().tokenizer
    button(tab, 'Só bytes').click()
    shows(tab, list(FIRST_TEXT.encode('utf-8')))
    here(tab).locator('.strip .token').filter(has_text='⟨a7⟩').first.hover()  # of the ç
    expect(here(tab).locator('.about').filter(has_text='só se lê «ç» com os 2')).to_be_visible()
    expect(tab).to_have_url(re.compile('merges=0'))
    expect(here(tab).locator('li').filter(has_text='feito').first).to_be_attached()
    merges(tab).fill('100')
    shows(tab, BPETokenizer(tokenizer.merges[:100]).encode(FIRST_TEXT))
    expect(here(tab).locator('tr.bpe td.tokens')).to_have_attribute(
        'data-value', str(len(ids(tab))))
    button(tab, 'Próxima que muda o texto').click()
    assert here(tab).locator('.strip .token.new').count() > 0
    n = int(merges(tab).input_value())
    shows(tab, BPETokenizer(tokenizer.merges[:n]).encode(FIRST_TEXT))
    button(tab, '+1').click()
    button(tab, '−1').click()
    assert merges(tab).input_value() == str(n)
    button(tab, 'Tocar').click()
    expect(button(tab, 'Pausar')).to_be_visible()
    button(tab, 'Pausar').click()
    button(tab, 'Todas').click()
    shows(tab, tokenizer.encode(FIRST_TEXT))
    expect(tab).not_to_have_url(re.compile('merges='))


def test_text_and_ids_light_each_other_and_are_reached_by_keys(tab):
    here(tab).locator('.strip .token').nth(1).hover()
    expect(here(tab).locator('.ids .token.lit')).to_have_text(str(ids(tab)[1]))
    expect(here(tab).locator('.about').filter(has_text='Token 2 «·cora»')).to_be_visible()
    here(tab).locator('.ids .token[tabindex="0"]').focus()
    tab.keyboard.press('Home')
    tab.keyboard.press('ArrowRight')
    expect(here(tab).locator('.strip .token.lit')).to_have_text('·cora')
    tab.keyboard.press('Enter')
    expect(here(tab).locator('.strip .token.pinned')).to_have_text(['·cora', 'ção'])
    expect(here(tab).locator('.box.root')).to_have_count(2)
    tab.keyboard.press('Escape')
    expect(here(tab).locator('.strip .token.pinned')).to_have_count(0)
    here(tab).locator('.box[tabindex="0"]').focus()
    tab.keyboard.press('Home')
    tab.keyboard.press('ArrowDown')
    expect(here(tab).locator('.box:focus .token')).to_have_text('·co')
    tab.keyboard.press('ArrowUp')
    expect(here(tab).locator('.box:focus .token')).to_have_text('·cora')
    here(tab).locator('tr.bytes td.tokens').focus()
    tab.keyboard.press('ArrowRight')
    expect(here(tab).locator('.about').filter(has_text='÷')).to_contain_text('1,00 bytes por token')


def test_an_experiment_and_the_vocabulary_table(tab):
    button(tab, 'emoji').click()
    expect(here(tab).locator('.result')).to_contain_text('muitos tokens')
    shows(tab, lab().tokenizer.encode('🙂 👩‍👩‍👧 🇧🇷'))
    here(tab).get_by_label('Procurar um pedaço ou um id').fill('menino')
    expect(here(tab).locator('button.token')).to_have_text(['·menino'])
    here(tab).locator('button.token').filter(has_text='menino').click()
    expect(tab.get_by_role('textbox', name='Palavra', exact=True)).to_have_value(' menino')
    here(tab).locator('th.id button').click()
    expect(here(tab).locator('th.id')).to_have_attribute('aria-sort', 'ascending')
    here(tab).get_by_label('Procurar um pedaço ou um id').fill('')


@pytest.mark.parametrize('payload', ['<img src=x onerror="document.title=\'bad\'">',
                                     '<script>document.title="bad"</script>', '{{7*7}}',
                                     '&lt;b&gt;', '\u202egato\u202c 🐈', 'שלום', 'a'])
def test_what_one_types_is_text_and_nothing_else(tab, payload):
    write(tab, payload)
    tab.get_by_role('textbox', name='Palavra', exact=True).fill(payload)
    shows(tab, lab().tokenizer.encode(payload))
    assert tab.title() != 'bad'
    assert here(tab).locator('.strip img, .strip script, .grid img').count() == 0


def test_a_long_text_is_shown_in_parts(tab):
    text = 'A menina não sabia ler. ' * 4200  # some 100,000 characters
    write(tab, text)
    expect(here(tab).locator('.count')).to_contain_text(
        f'{len(lab().tokenizer.encode(text)):,}'.replace(',', '.'), timeout=WAIT)
    first = ids(tab)
    assert first == lab().tokenizer.encode(text)[:len(first)] and len(first) < 2000
    button(tab, 'Próxima parte').click()
    expect(here(tab).locator('.parts')).to_contain_text('parte 2 de')
    write(tab, 'Fim.')


def test_a_vocabulary_of_one_s_own(tab):
    here(tab).get_by_text('Usar o meu texto').click()
    here(tab).get_by_label('Seu texto', exact=True).last.fill('banana bandana cabana ' * 40)
    button(tab, 'Usar este texto').click()
    expect(here(tab).locator('.lines')).to_contain_text('880 caracteres', timeout=WAIT)
    tab.get_by_role('textbox', name='Tamanho do vocabulário').fill('265')
    button(tab, 'Treinar no corpus').click()
    want = BPETokenizer.train('banana bandana cabana ' * 40, 265, ['<|endoftext|>'])
    expect(here(tab).locator('.lines')).to_contain_text(f'{len(want.merges)} fusões', timeout=WAIT)
    write(tab, 'banana cabana')
    shows(tab, want.encode('banana cabana'))
    with tab.expect_download() as download:
        button(tab, 'Baixar tokenizer.json').click()
    assert BPETokenizer.load(download.value.path()).merges == want.merges
    expect(tab).to_have_url(re.compile('train=265'))
    button(tab, 'Voltar ao vocabulário do modelo').click()
    expect(here(tab).locator('.lines')).to_contain_text('vocabulário do modelo', timeout=WAIT)
    button(tab, 'Voltar ao corpus do minigpt').click()
    expect(here(tab).locator('.lines')).to_contain_text('vem com o minigpt', timeout=WAIT)
