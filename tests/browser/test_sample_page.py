"""The sample page under a reader's hands."""

import re

import pytest
from chromium import here, wait_live, watched
from playwright.sync_api import expect

from minigpt.chunking import chunk
from pages.sample.page import Sample
from pages.sample.scan import so_far

MARKUP = ['<img src=x onerror="document.title=\'bad\'">', '<script>document.title="bad"</script>',
          '</p><h1 id=bad>', '{{7*7}}', '&lt;b&gt;', "';alert(1)//"]


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}sample.html')
        yield wait_live(tab)


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


def figure(tab, name) -> float:
    return float(here(tab).locator(f'[data-name={name}] dd').get_attribute('data-value'))


def check_figures(tab, page, position):
    """The figures on the screen are minigpt's at this place."""
    want = so_far(page.text, page.chunks, position)
    for name in ('characters', 'sentences', 'chunks', 'mean', 'density'):
        assert figure(tab, name) == pytest.approx(getattr(want, name), abs=1e-3), name
    expect(here(tab).locator('.card')).to_have_count(want.chunks)


def test_it_opens_half_way_with_minigpt_s_figures(tab):
    page = Sample()
    check_figures(tab, page, page.position)
    assert here(tab).locator('.piece').evaluate_all(
        'all => all.map(it => it.textContent).join("")') == page.text


def test_step_goes_from_border_to_border_and_scrubbing_back_takes_chunks_away(tab):
    page = Sample()
    button(tab, 'Começo').click()
    check_figures(tab, page, 0)
    ends = page.chunks[0].source.sentence_list
    for end in ends[:3]:
        button(tab, 'Próxima fronteira').click()
        check_figures(tab, page, end)
    expect(tab).to_have_url(re.compile(rf'at={ends[2]}'))
    button(tab, 'Fronteira anterior').click()
    check_figures(tab, page, ends[1])
    here(tab).get_by_role('slider', name='Lugar no texto').press('Home')
    check_figures(tab, page, 0)


def test_it_plays_pauses_and_comes_to_the_end_which_is_an_exercise(tab):
    page = Sample()
    here(tab).get_by_role('radio', name='4×').check(force=True)
    button(tab, '▶ Tocar').click()
    expect(here(tab).locator('.card').first).to_be_visible()
    button(tab, '❚❚ Pausar').click()
    at = int(figure(tab, 'characters'))
    assert page.chunks[0].end <= at
    check_figures(tab, page, at)
    expect(tab).to_have_url(re.compile(rf'at={at}\b'))
    button(tab, '▶ Tocar').click()
    expect(button(tab, '↺ De novo')).to_be_visible(timeout=60_000)
    check_figures(tab, page, len(page.text))
    expect(here(tab).locator('.halves + .about')).to_contain_text('O texto acabou')
    expect(here(tab).get_by_text(re.compile('1 de 3 feitos'))).to_be_visible()


def test_cards_are_one_tab_stop_and_say_why_the_cut_fell_there(tab):
    first = here(tab).locator('.card').first
    first.focus()
    tab.keyboard.press('ArrowDown')
    expect(here(tab).locator('.card').nth(1)).to_be_focused()
    expect(here(tab).locator('.halves + .about')).to_contain_text(
        re.compile('^Chunk 2: caracteres .* Acaba aqui porque'))
    tab.keyboard.press('Enter')
    expect(here(tab).locator('.card').nth(1)).to_have_attribute('aria-selected', 'true')
    assert here(tab).locator('.card[tabindex="0"]').count() == 1
    tab.keyboard.press('Escape')
    expect(here(tab).locator('.card[aria-selected=true]')).to_have_count(0)


def test_a_smaller_fixed_size_splits_the_answer(tab):
    expect(here(tab).locator('.columns .row')).to_have_count(6)
    button(tab, 'O que acontecia com quem humilhasse um menor?').click()
    here(tab).locator('summary', has_text='Como cortar: frases inteiras').click()
    here(tab).get_by_role('radio', name='Tamanho fixo').check(force=True)
    here(tab).get_by_role('textbox', name='Tamanho máximo').fill('120')
    split = re.compile('^A resposta foi partida entre 2 chunks')
    expect(here(tab).get_by_text(split)).to_be_visible()
    expect(here(tab).locator('mark.answer, mark.both').first).to_be_visible()
    expect(here(tab).get_by_text(re.compile('2 de 3 feitos'))).to_be_visible()


def test_markup_in_one_s_own_text_is_text(tab):
    own = 'Primeira frase 🐈. ' + ' '.join(MARKUP) + ' שלום עולם. Fim.'
    here(tab).locator('summary', has_text='Usar o meu texto').click()
    here(tab).get_by_role('textbox', name='Seu texto').fill(own)
    button(tab, 'Usar este texto').click()
    expect(here(tab).locator('.piece').first).to_have_text('Primeira frase 🐈.')
    assert here(tab).locator('.piece').evaluate_all(
        'all => all.map(it => it.textContent).join("")') == own
    here(tab).get_by_role('textbox', name='Pergunta', exact=True).fill(MARKUP[0])
    button(tab, 'Fim').click()
    expect(here(tab).locator('.card')).to_have_count(len(chunk(own, 'fixed', 120, 0)))
    assert figure(tab, 'characters') == len(own)  # the cat counts as one
    assert tab.locator('#bad').count() == 0 and tab.title() != 'bad'
    button(tab, 'Voltar ao corpus do minigpt').click()
    expect(here(tab).locator('.piece').first).to_contain_text('Jogar capoeira')


def test_reduced_motion_jumps_to_the_end(browser, site):
    with watched(browser, reduced_motion='reduce', viewport={'width': 390, 'height': 844}) as tab:
        tab.goto(f'{site}sample.html')
        wait_live(tab)
        button(tab, '▶ Tocar').click()
        expect(button(tab, '↺ De novo')).to_be_visible()
        expect(here(tab).locator('.card')).to_have_count(len(Sample().chunks))
