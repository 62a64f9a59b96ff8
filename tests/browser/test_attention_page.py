"""The attention page under a reader's hands: one visit."""

import re

import numpy as np
import pytest
from accessible import violations
from chromium import fits, here, wait_live, watched
from playwright.sync_api import expect

from minigpt import Trace
from minigpt.nn.changes import cut, without_head
from minigpt.nn.ops import softmax_forward
from pages.lab import lab, visible
from pages.locale import text

WAIT = 60_000
WORDS = text('pt')['attention']
IDS = lab().tokenizer.encode(WORDS['examples'][0])
LAST = len(IDS) - 1


def traced(change=None) -> Trace:
    trace = Trace()
    lab().model.forward(np.array([IDS]), trace=trace, change=change)
    return trace


def percent(share) -> str:
    return f'{100 * share:.1f}%'.replace('.', ',')


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser, accept_downloads=True, reduced_motion='reduce') as tab:
        tab.goto(f'{site}attention.html')
        yield wait_live(tab)


def svg(tab):
    return here(tab).locator('svg[role=listbox]')


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


def about(tab):
    """What is said of the ribbon looked at."""
    return here(tab).locator('.about').first


def test_ribbons_are_as_wide_as_the_model_s_weights(tab):
    weights = traced()['h.0.attn.weights'][0, 0, LAST]
    expect(svg(tab).locator('.ribbon')).to_have_count(int((weights > 0.0005).sum()))
    for ribbon in svg(tab).locator('.ribbon').all():
        weight = weights[int(ribbon.get_attribute('data-key'))]
        assert float(ribbon.get_attribute('stroke-width')) == pytest.approx(max(1, 40 * weight),
                                                                             abs=1e-3)


def test_a_longer_text_changes_only_what_is_new(tab):
    prompt, first = here(tab).locator('textarea#text').first, WORDS['examples'][0]
    svg(tab).locator('.query').nth(3).evaluate('it => { it.dataset.kept = "" }')
    for typed in (f'{first} x', first):
        prompt.fill(typed)
        count = len(lab().tokenizer.encode(typed))
        expect(svg(tab).locator('.query')).to_have_count(count)
        expect(svg(tab).locator('.key')).to_have_count(count)
        expect(svg(tab).locator('.query').last).to_contain_text(visible(
            lab().tokenizer.encode(typed)[-1]))
    expect(svg(tab).locator('.query').nth(3)).to_have_attribute('data-kept', '')


def test_a_word_under_the_pointer_shows_where_it_looks(tab):
    weights = traced()['h.0.attn.weights'][0, 0]
    svg(tab).locator('.query').nth(14).hover()
    expect(about(tab)).to_contain_text(f'«{visible(IDS[13])}» {percent(weights[14, 13])}')
    svg(tab).locator('.key').nth(13).hover()
    expect(about(tab)).to_contain_text('peso = e^(nota')
    svg(tab).locator('.key').nth(13).click()
    expect(tab).to_have_url(re.compile(r'q=14&k=13|k=13&q=14'))


def test_the_keyboard_reaches_every_ribbon(tab):
    tab.mouse.move(0, 0)
    svg(tab).focus()
    tab.keyboard.press('Home')
    tab.keyboard.press('ArrowRight')
    expect(svg(tab).locator('.query.shown')).to_have_text(visible(IDS[1]))
    tab.keyboard.press('ArrowDown')
    expect(svg(tab).locator('.key.lit')).to_contain_text(visible(IDS[0]))
    tab.keyboard.press('Enter')
    expect(tab).to_have_url(re.compile('q=1&k=0|k=0&q=1'))
    tab.keyboard.press('Escape')
    expect(tab).not_to_have_url(re.compile('k=0'))
    tab.keyboard.press('End')
    tab.keyboard.press('Enter')
    expect(svg(tab).locator('.query.chosen')).to_contain_text(visible(IDS[-1]))


def test_a_head_switched_off_and_a_look_cut_change_the_next_word(tab):
    button(tab, 'Desligar a cabeça 1 do bloco 1').click()
    shares = softmax_forward(traced(without_head(0, 0, lab().model.config))['logits'][0, -1])[0]
    said = here(tab).get_by_role('status').filter(has_text='agora')
    expect(said).to_contain_text(visible(int(shares.argmax())))
    expect(here(tab).locator('td').filter(has_text=percent(shares.max()))).to_have_count(1)
    expect(here(tab).get_by_role('option', name='desligada')).to_have_count(1)
    button(tab, 'Desfazer tudo').click()
    expect(said).to_have_count(0)
    key = int(traced()['h.0.attn.weights'][0, 0, LAST].argmax())
    button(tab, f'Cortar o olhar de «{visible(IDS[-1])}» para «{visible(IDS[key])}»').click()
    weights = traced(cut(0, 0, LAST, key))['h.0.attn.weights'][0, 0, LAST]
    best = int(weights.argmax())
    expect(svg(tab).locator('.key').nth(best)).to_contain_text(percent(weights[best]))
    expect(tab).to_have_url(re.compile(f'cut=0.0.{LAST}.{key}'))
    button(tab, 'Desfazer tudo').click()
    expect(tab).not_to_have_url(re.compile('cut='))


def test_another_head_is_opened_and_the_easy_exercise_is_done(tab):
    maps = here(tab).get_by_role('listbox', name='Todas as cabeças')
    maps.get_by_role('option', name='bloco 3 cabeça 1').click()
    expect(here(tab).get_by_role('heading', name='Pesos do bloco 3, cabeça 1')).to_be_visible()
    svg(tab).locator('.query').nth(LAST).click()
    expect(here(tab).get_by_text(WORDS['exercises']['strong']['done']).first).to_be_visible()
    here(tab).get_by_role('radio', name='q·k').check()
    expect(here(tab).get_by_role('heading', name='q·k do bloco 3, cabeça 1')).to_be_visible()


def test_a_token_is_followed_step_by_step(tab):
    weights = traced()['h.2.attn.weights'][0, 0, LAST]
    table = here(tab).get_by_role('grid', name='A atenção de')
    here(tab).get_by_role('button', name='3. máscara').click()
    expect(here(tab).get_by_text('A máscara põe −∞')).to_be_visible()
    expect(table.locator('tbody tr').first.locator('td').nth(4)).to_be_hidden()
    button(tab, 'Tocar').click()  # with reduced motion it goes to the end at once
    first = table.locator('tbody tr').first
    expect(first.locator('td').nth(4)).to_have_text(f'{weights[0]:.3f}'.replace('.', ','))
    first.click()
    expect(here(tab).get_by_role('heading', name=f'vezes k de «{visible(IDS[0])}»')).to_be_visible()


def test_typing_follows_the_text_and_one_s_own_text_gives_examples(tab):
    here(tab).get_by_label('Texto', exact=True).fill('O gato <b>viu</b>')
    expect(svg(tab).locator('.query').filter(has_text='<')).not_to_have_count(0)
    here(tab).get_by_label('Texto', exact=True).fill('')
    expect(here(tab).get_by_role('alert').filter(has_text='vazio')).to_be_visible()
    own = here(tab).locator('details', has_text='Usar o meu texto')
    own.locator('summary').click()
    own.get_by_label('Seu texto').fill('A chuva caiu no telhado.\nO sol saiu.')
    own.get_by_role('button', name='Usar este texto').click()
    here(tab).get_by_role('button', name='O sol saiu.').click()
    expect(svg(tab).locator('.query')).to_have_count(len(lab().tokenizer.encode('O sol saiu.')))
    own.get_by_role('button', name='Voltar ao corpus do minigpt').click()
    expect(here(tab).get_by_role('button', name=WORDS['examples'][1])).to_be_visible(timeout=WAIT)


def test_the_source_and_the_script(tab):
    here(tab).get_by_text('O código que fez estas contas').click()
    expect(here(tab).get_by_text('weights_step_by_step').first).to_be_visible()
    with tab.expect_download() as download:
        button(tab, 'Baixar esta vista como script').click()
    assert 'without_head' in download.value.path().read_text(encoding='utf-8')


@pytest.mark.parametrize(('lang', 'theme', 'width'), [('pt', 'light', 390), ('en', 'dark', 1440)])
def test_it_is_accessible_and_fits(tab, axe, lang, theme, width):
    tab.set_viewport_size({'width': width, 'height': 900})
    tab.locator(f'[data-choose={lang}]').click()
    tab.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    title = text(lang)['attention']['maps']['title']
    expect(here(tab).get_by_role('heading', name=title)).to_be_visible()
    fits(tab)
    assert violations(tab, axe, tags=None) == []
