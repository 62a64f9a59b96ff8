"""The chunking page under a reader's hands: one visit."""

import json
import re

import pytest
from chromium import wait_live, watched
from playwright.sync_api import expect

from pages.chunking.page import Chunking

PAYLOADS = ['<img src=x onerror="document.title=\'bad\'">', '<script>document.title="bad"</script>',
            '{{7*7}}', '&lt;b&gt;', '\u202egato\u202c', '<svg onload=alert(1)>', '</span></div>',
            'javascript:alert(1)', '\t\\n  dois  espaços', '<b>a<b']


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}chunking.html')
        yield wait_live(tab)


@pytest.fixture
def view(tab):
    """This page alone: the others open behind it while one reads."""
    return tab.locator('.page[data-page=chunking]')


def chunks(view):
    return view.locator('.text').first.locator('.chunk')


def painted(view) -> str:
    """The text on the screen without numbers and marks."""
    return ''.join(view.locator('.text').first.locator('.segment').all_text_contents())


def set_number(view, label, value):
    view.get_by_role('textbox', name=label, exact=True).fill(str(value))


def test_it_opens_on_minigpt_s_own_chunks(tab, view):
    page = Chunking()
    expect(chunks(view)).to_have_count(len(page.cut.chunks))
    assert painted(view) == page.cut.text
    assert view.locator('.text .badge').first.text_content() == '1'
    expect(view.locator('.text .why[data-reason=size]')).to_have_count(len(page.cut.chunks) - 1)


def test_dragging_the_size_moves_the_cuts(tab, view):
    view.get_by_role('slider', name='Tamanho em caracteres', exact=True).focus()
    tab.keyboard.press('ArrowRight')
    expect(tab).to_have_url(re.compile('size=310'))
    set_number(view, 'Tamanho em caracteres', 500)
    expect(chunks(view)).to_have_count(len(Chunking(query={'size': '500'}).cut.chunks))
    set_number(view, 'Tamanho em caracteres', 300)
    expect(chunks(view)).to_have_count(11)


def test_a_chunk_tells_its_numbers_and_is_pinned_by_keyboard(tab, view):
    chunk = Chunking().cut.chunks[2]
    chunks(view).first.focus()
    tab.keyboard.press('ArrowRight')
    tab.keyboard.press('ArrowRight')
    expect(chunks(view).nth(2)).to_be_focused()
    card = view.locator('.card').first
    expect(card).to_contain_text('Chunk 3 de 11')
    expect(card.locator('.place .value')).to_have_text(f'{chunk.start} a {chunk.end}')
    density = f'{chunk.density:.2f}'.replace('.', ',')
    expect(card.locator('.density .value')).to_contain_text(density)
    expect(card.locator('.overlap .sum')).to_have_text('30 ÷ 300 = 10%')
    tab.keyboard.press('Enter')
    expect(view.locator('.near .mine p').first).to_have_text(chunk.text, use_inner_text=False)
    expect(chunks(view).nth(2)).to_have_attribute('aria-selected', 'true')
    expect(chunks(view).nth(2)).to_be_focused()
    tab.keyboard.press('Escape')
    expect(view.locator('.near').first).to_be_hidden()
    chunks(view).nth(2).locator('.segment.both').hover()
    expect(card.locator('.about')).to_have_text(
        'Este trecho está nos chunks 2 a 3: 30 caracteres repetidos.')


def test_two_strategies_stand_side_by_side_with_their_figures(tab, view):
    expect(view.locator('.text')).to_have_count(2)
    expect(view.locator('.text').nth(1)).to_be_hidden()
    view.get_by_label('Comparar com').select_option('semantic')
    expect(view.locator('.text').nth(1)).to_be_visible()
    expect(view.get_by_role('columnheader', name='Por assunto')).to_be_visible()
    boxes = [view.locator('.text').nth(i).bounding_box() for i in (0, 1)]
    assert boxes[0]['x'] + boxes[0]['width'] <= boxes[1]['x']
    cell = view.get_by_role('grid', name='O corte em números').locator('td').nth(6)
    cell.hover()
    expect(view.locator('p.about', has_text='caracteres nos chunks ÷')).to_be_visible()
    view.get_by_label('Comparar com').select_option('')
    expect(view.locator('.text').nth(1)).to_be_hidden()


def test_the_six_are_timed_in_this_browser(tab, view):
    view.get_by_role('button', name='Medir de novo').click()
    grid = view.get_by_role('grid', name='Quanto tempo leva')
    expect(grid.locator('tbody tr')).to_have_count(6, timeout=60_000)
    expect(view.get_by_text('Medido agora')).to_be_visible(timeout=60_000)
    grid.locator('td').nth(1).hover()
    expect(view.locator('p.about', has_text='mediana de')).to_be_visible()


def test_the_first_exercise_is_seen_to_be_done(tab, view):
    item = view.locator('li[data-key=sentences]')
    view.get_by_role('radio', name='Frases inteiras').check()
    expect(item).to_have_class(re.compile('done'))


def test_the_chunks_are_saved_as_json(tab, view):
    with tab.expect_download() as saved:
        view.get_by_role('button', name='Baixar os chunks em JSON').click()
    file = json.loads(saved.value.path().read_text(encoding='utf-8'))
    want = Chunking(query={'strategy': 'sentence'}).cut
    assert [(it['start'], it['end'], it['text']) for it in file['chunks']] == [
        (it.start, it.end, it.text) for it in want.chunks]
    view.get_by_role('radio', name='Tamanho fixo').check()


def test_the_whole_corpus_is_walked_through_by_windows(tab, view):
    view.get_by_label('Quanto do texto').select_option('0')
    first = view.locator('.text').first.locator('.segment').first
    beginning = first.text_content()
    view.get_by_role('button', name='Trecho seguinte →').click()
    expect(tab).to_have_url(re.compile(r'at=\d+'))
    expect(first).not_to_have_text(beginning)
    slider = view.get_by_role('slider', name='Trecho do texto que está na tela')
    slider.focus()
    tab.keyboard.press('End')
    expect(view.get_by_role('button', name='Trecho seguinte →')).to_have_attribute(
        'aria-disabled', 'true')
    assert chunks(view).count() < 130


def test_markup_in_one_s_own_text_is_text(tab, view):
    content = '\n'.join(PAYLOADS) + '\n' + 'Uma frase a mais. ' * 30
    view.locator('summary', has_text='Usar o meu texto').click()
    view.get_by_label('Seu texto', exact=True).fill(content)
    view.get_by_role('button', name='Usar este texto').click()
    expect(tab).to_have_url(re.compile('text='))
    expect(chunks(view).first).to_contain_text('<img src=x')
    assert painted(view) == content
    chunks(view).first.locator('.badge').click()
    expect(view.locator('.near').first).to_be_visible()
    assert tab.title() != 'bad'
    assert view.locator('.text img, .text script, .text svg, .near img, .near script').count() == 0
    megabyte = 'Uma frase qualquer, nem longa nem curta. ' * 25_000
    view.get_by_label('Seu texto', exact=True).fill(megabyte)
    view.get_by_role('button', name='Usar este texto').click()
    expect(view.locator('.totals').first).to_contain_text('1.025.000', timeout=60_000)
    set_number(view, 'Tamanho em caracteres', 700)
    expect(view.locator('.card').first).to_contain_text('700', timeout=60_000)
    view.get_by_role('button', name='Voltar ao corpus do minigpt').click()
    expect(view.locator('.totals').first).to_contain_text('2.939', timeout=60_000)
