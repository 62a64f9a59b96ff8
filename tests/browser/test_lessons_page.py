"""The lessons page under a reader's hands: one visit, from a story to a bug hunt won."""

import re

import pytest
from accessible import violations
from chromium import caught, fits, here, wait_live, watched
from playwright.sync_api import expect

from minigpt.teach.lesson import LESSONS, Lesson
from minigpt.teach.words import sections

WAIT = 60_000
SHORT = 'backpropagation_by_hand'


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}lessons.html')
        yield wait_live(tab)


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


def entry(tab, lesson):
    return here(tab).locator(f'nav a[href*="lesson={lesson}"]')


def exercise(tab, name):
    here(tab).get_by_role('radio', name=name).check(force=True)


def verdict(tab):
    return here(tab).locator('.verdict')


def test_it_opens_with_all_lessons_and_one_told(tab):
    expect(entry(tab, '')).to_have_count(len(LESSONS))
    expect(entry(tab, LESSONS[0])).to_have_attribute('aria-current', 'true')
    expect(here(tab).locator('tbody tr').first).to_have_text('A65')


def test_another_lesson_is_a_link_and_its_steps_are_keys_away(tab):
    entry(tab, SHORT).click()
    expect(here(tab).get_by_role('heading', name='Lição 8 de 18: Retropropagação à mão')
           ).to_be_visible()
    expect(tab).to_have_url(re.compile(f'lesson={SHORT}&step=1'))
    expect(here(tab)).to_contain_text('−ln p(C) = 0,3672')
    first = here(tab).get_by_role('radio', name='1', exact=True)
    first.focus()
    first.press('ArrowRight')
    expect(here(tab).locator('tbody tr').first).to_contain_text('A')
    expect(tab).to_have_url(re.compile('step=2'))
    button(tab, 'Próximo passo').click()
    expect(here(tab).get_by_role('grid', name=re.compile('Retropropagação à mão · passo 3'))
           ).to_be_visible()


def test_the_end_of_a_story_is_remembered(tab):
    expect(entry(tab, SHORT)).to_contain_text('0/6')
    here(tab).get_by_role('radio', name='5', exact=True).check(force=True)
    expect(here(tab).locator('tbody tr')).to_have_count(3)
    expect(entry(tab, SHORT)).to_contain_text('1/6')
    button(tab, 'Voltar').click()
    expect(tab).to_have_url(re.compile('step=4'))


def test_answers_are_checked_by_enter_and_told(tab):
    exercise(tab, 'análise')
    field = here(tab).get_by_label('Sua resposta', exact=True)
    field.fill('0,8')
    field.press('Enter')
    expect(verdict(tab)).to_have_text('Ainda não: o número é grande demais.')
    here(tab).locator('button.plain', has_text='Ver a dica').click()
    expect(here(tab).locator('.hint').filter(has_text='0,2')).to_be_visible()
    field.fill('-0,8')
    field.press('Enter')
    expect(verdict(tab)).to_have_text('Certo!')
    button(tab, 'Próximo exercício').click()
    expect(verdict(tab)).to_be_hidden()
    here(tab).get_by_role('radio', name='D', exact=True).check()
    button(tab, 'Conferir').click()
    expect(verdict(tab)).to_have_text('Certo!')
    expect(entry(tab, SHORT)).to_contain_text('3/6')


def test_what_is_wrong_with_code_is_told_with_its_line_and_what_it_prints(tab):
    exercise(tab, 'implementação')
    code = here(tab).get_by_label('A sua função gradient')
    code.fill('def gradient(logits, target):\n    print("<b>aqui</b>", target)\n    return 1 / 0')
    button(tab, 'Conferir').click()
    expect(verdict(tab)).to_contain_text('Linha 3: seu código parou com um erro. ZeroDivisionError')
    expect(here(tab).locator('.numbers .bad')).to_have_text('▸3')
    expect(here(tab).locator('.out pre')).to_have_text('<b>aqui</b> 0')
    button(tab, 'Voltar ao código de partida').click()
    expect(code).to_have_value(Lesson(SHORT).exercise('implementation').starter)


def test_a_bug_hunt_is_won(tab, axe):
    hunt = Lesson(SHORT).exercise('debugging')
    exercise(tab, 'depuração')
    code = here(tab).get_by_label('Cópia de nn/ops.py, com um erro plantado')
    expect(code).to_have_value(hunt.starter)
    button(tab, 'Conferir').click()
    expect(verdict(tab)).to_contain_text('o teste mediu 0,1', timeout=WAIT)
    code.fill(hunt.starter.replace(hunt.wrong, hunt.right))
    button(tab, 'Conferir').click()
    expect(verdict(tab)).to_contain_text('Consertado!', timeout=WAIT)
    expect(here(tab).get_by_text('Consertado: o teste mediu, e o seu código passou.').first
           ).to_be_visible()
    assert violations(tab, axe) == []
    tab.locator('[data-choose=en]').click()
    expect(verdict(tab)).to_contain_text('Mended!')
    expect(button(tab, f'Next lesson: {sections(LESSONS[8], "en")["title"]}')).to_be_visible()
    tab.locator('[data-choose=pt]').click()


def test_a_long_step_says_how_far_it_is_and_draws_its_curves(tab, axe):
    entry(tab, 'optimization_techniques').click()
    expect(here(tab).get_by_role('heading', name=re.compile('Lição 10'))).to_be_visible()
    with caught(tab, '*', 'Calculando agora'):
        exercise(tab, '4')
    expect(here(tab).locator('svg[role=slider]')).to_be_visible(timeout=WAIT)
    expect(here(tab).locator('.legend li')).to_have_count(4)
    assert violations(tab, axe) == []


def test_what_is_done_is_there_after_a_reload_also_on_a_phone(tab):
    expect(tab.locator('html')).to_have_attribute('data-lab', 'saved')
    tab.set_viewport_size({'width': 390, 'height': 844})
    tab.reload()
    wait_live(tab)
    fits(tab)
    expect(entry(tab, SHORT)).to_be_hidden()  # the list waits under its handle
    here(tab).locator('summary', has_text='As lições').click()
    expect(entry(tab, SHORT)).to_contain_text('4/6')
    expect(here(tab).get_by_role('radio', name='4', exact=True)).to_be_checked()
