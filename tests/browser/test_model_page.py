"""The model page under a reader's hands: one visit, down to single numbers and back."""

import re

import pytest
from chromium import caught, here, wait_live, watched
from playwright.sync_api import expect

from minigpt.arithmetic import Reading
from minigpt.nn.activations import gelu_forward
from pages.lab import lab, visible
from pages.model.names import number
from pages.model.network_copy import original
from pages.model.page import Model
from pages.model.text_part import FIRST_TEXT

WAIT = 60_000
PAYLOAD = '<img src=x onerror="document.title=\'bad\'"> {{7*7}} \u202eמפה\u202c'


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}model.html')
        yield wait_live(tab)


@pytest.fixture(scope='module')
def reading() -> Reading:
    return Reading(lab().model, lab().tokenizer.encode(FIRST_TEXT))


def machine(tab):
    """The machine itself; the plan's drawing comes after it."""
    return here(tab).locator('.machine').first


def box(tab, name):
    return machine(tab).locator(f'.box[data-name="{name}"]').first


def value(tab):
    """The number whose arithmetic is shown."""
    return here(tab).locator('p.value')


def close_to(tab, reading, name, index):
    """The page shows the number that minigpt computes natively, give or take the last digit."""
    expect(here(tab).locator('.place')).to_be_visible()
    shown = float(value(tab).text_content().replace('−', '-').replace(',', '.'))
    assert shown == pytest.approx(float(reading.array(name)[index]), abs=2e-3)


def rung(tab, name):
    return here(tab).get_by_role('navigation', name='Onde você está').get_by_role(
        'button', name=name, exact=True)


def to_the_whole(tab):
    rung(tab, 'Máquina inteira').click()
    expect(machine(tab).locator('.group')).to_have_count(6)


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


# The colours of the first row of a box's picture, on the canvas that all pictures are drawn on.
FIRST_ROW = """async (box, columns) => {
  await new Promise(requestAnimationFrame)
  const sheet = box.getRootNode().querySelector('.machine > canvas'), scale = devicePixelRatio
  const { left, top } = sheet.getBoundingClientRect()
  const picture = box.querySelector('.picture'), place = picture.getBoundingClientRect()
  const side = [picture.style.width, picture.style.height].map(parseFloat)
  return Array.from({ length: columns }, (_, c) => [...sheet.getContext('2d').getImageData(
    scale * (place.left - left + 1 + (c + 0.5) * side[0] / columns),
    scale * (place.top - top + 1 + 0.5 * side[1] / columns), 1, 1).data].join())
}"""


def test_it_opens_on_the_whole_machine_and_one_number_of_it(tab, reading):
    expect(machine(tab).locator('.group')).to_have_count(6)
    expect(machine(tab).locator('.picture.drawn').first).to_be_attached()
    ladder = Model().machine.ladder
    close_to(tab, reading, ladder.part, ladder.cell)
    expect(box(tab, 'h.0.attn.weights').locator('.band')).to_have_count(1)
    assert machine(tab).locator('svg path[marker-end]').count() > 0


def test_a_longer_text_changes_the_boxes_that_are_there(tab):
    prompt, weights = here(tab).locator('textarea#text').first, box(tab, 'h.0.attn.weights')
    weights.evaluate('it => { it.dataset.kept = "" }')
    for text in (f'{FIRST_TEXT} que', FIRST_TEXT):
        prompt.fill(text)
        T = len(lab().tokenizer.encode(text))
        expect(weights.locator('.shape')).to_have_text(f'4×{T}×{T}')
        row = weights.evaluate(FIRST_ROW, 2 * (T + 1) - 1)  # two heads beside each other
        for head in (row[:T], row[T + 1:]):  # the first token looks at itself alone
            assert head[0] != head[1] and len(set(head[1:])) == 1
        assert row[T] not in row[:T]  # the gap between them
    expect(weights).to_have_attribute('data-kept', '')


def test_from_a_block_to_a_part_to_a_cell(tab, reading):
    button(tab, 'Bloco 2').click()
    expect(machine(tab).locator('.group')).to_have_count(1)
    box(tab, 'h.1.attn.q').click()
    expect(here(tab).locator('h3').filter(has_text='Bloco 2 · queries').first).to_be_visible()
    here(tab).locator('fieldset').filter(has_text='Cabeça').locator('input[value="2"]').check()
    grid = here(tab).get_by_role('grid', name=re.compile(r'queries \(consultas\) · cabeça 3'))
    size = grid.bounding_box()
    grid.click(position={'x': size['width'] * 6.5 / 32, 'y': size['height'] * 4.5 / 7})
    expect(here(tab).locator('.place')).to_have_text('cabeça 3 · token 5 «·porta» · dimensão 7')
    expect(tab).to_have_url(re.compile(r'cell=2\.4\.6'))
    close_to(tab, reading, 'h.1.attn.q', (2, 4, 6))
    expect(here(tab).locator('.formula')).to_contain_text('outras')
    expect(box(tab, 'h.1.ln_1').locator('.band')).to_have_count(1)


def test_a_number_leads_to_the_one_it_came_from_and_back(tab, reading):
    first = here(tab).locator('table .go').first
    before, text = value(tab).text_content(), first.text_content()
    first.focus()
    first.press('Enter')
    expect(here(tab).locator('.place')).to_contain_text('token 5 «·porta» · dimensão')
    expect(value(tab)).to_have_text(text)
    here(tab).locator('button.back').click()
    expect(value(tab)).to_have_text(before)


def test_the_strips_tell_each_term(tab):
    strips = here(tab).get_by_role('slider', name=re.compile('norma 1 · W qkv'))
    strips.focus()
    strips.press('End')
    expect(strips).to_have_attribute('aria-valuenow', '128')
    expect(here(tab).locator('.about').filter(has_text='Parcela 128')).to_be_visible()


def test_escape_goes_up_rung_by_rung(tab):
    here(tab).locator('table .go').first.press('Escape')
    expect(tab).to_have_url(re.compile(r'at=h\.1\.attn\.q(?!.*cell)'))
    box(tab, 'h.1.attn.q').focus()
    tab.keyboard.press('Escape')
    expect(tab).to_have_url(re.compile(r'at=h\.1(?!\.)'))
    button(tab, 'Máquina inteira').focus()
    tab.keyboard.press('Escape')
    expect(machine(tab).locator('.group')).to_have_count(6)


def test_the_matrix_lets_go_of_its_cell_before_it_is_left(tab):
    box(tab, 'h.0.ln_1').click()
    grid = here(tab).get_by_role('grid', name=re.compile('primeira normalização'))
    grid.focus()
    tab.keyboard.press('ArrowRight')
    tab.keyboard.press('Enter')
    expect(tab).to_have_url(re.compile(r'at=h\.0\.ln_1&cell=0\.1'))
    tab.keyboard.press('Escape')
    expect(tab).to_have_url(re.compile(r'at=h\.0\.ln_1(?!.*cell)'))
    expect(grid).to_be_focused()
    tab.keyboard.press('Escape')
    expect(tab).to_have_url(re.compile(r'at=h\.0(?!\.)'))
    expect(grid).to_have_count(0)
    expect(machine(tab).locator('.box:focus')).to_have_count(1)
    to_the_whole(tab)


def test_arrows_walk_over_the_machine(tab):
    box(tab, 'h.0.attn.q').focus()
    tab.keyboard.press('ArrowRight')
    expect(box(tab, 'h.0.attn.k')).to_be_focused()
    tab.keyboard.press('ArrowDown')
    expect(box(tab, 'h.1.attn.k')).to_be_focused()
    tab.keyboard.press('Enter')
    expect(here(tab).locator('h3').filter(has_text='Bloco 2 · keys').first).to_be_visible()
    to_the_whole(tab)


def test_the_walk_is_a_function_of_its_position(tab):
    slider = here(tab).get_by_role('slider', name='Passo da conta')
    said = here(tab).locator('p.said').first
    slider.press('Home')
    expect(said).to_contain_text('só os pesos existem')
    for _ in range(4):
        button(tab, 'Passo seguinte').click()
    expect(said).to_contain_text('Passo 4 de 69 · Bloco 1 · queries (consultas), 4 × 7 × 32')
    expect(box(tab, 'h.0.attn.q')).to_have_class(re.compile('now'))
    expect(box(tab, 'h.0.attn.k')).to_have_class(re.compile('ahead'))
    expect(box(tab, 'h.0.ln_1')).to_have_class(re.compile('source'))
    expect(tab).to_have_url(re.compile('step=4'))
    with caught(tab, 'p.said', 'Passo 6 de 69'):
        button(tab, 'Tocar').click()
    button(tab, 'Pausar').click()
    button(tab, 'Ir ao fim').click()
    expect(said).to_contain_text('A conta inteira')


def test_a_text_that_goes_while_the_walk_plays_ends_it(tab):
    prompt = here(tab).get_by_label('Texto que a máquina lê')
    button(tab, 'Ir ao começo').click()
    button(tab, 'Tocar').click()
    prompt.fill('')
    expect(button(tab, 'Tocar')).to_be_hidden()
    prompt.fill(FIRST_TEXT)
    expect(button(tab, 'Tocar')).to_be_visible()
    expect(here(tab).locator('p.said').first).to_contain_text('A conta inteira')


def test_a_plan_is_counted_and_drawn(tab):
    here(tab).locator('input[value="gpt2-xl"]').check()
    expect(here(tab).get_by_role('row', name=re.compile('^total'))).to_contain_text(
        '1.557.611.200')
    expect(here(tab).locator('.machine').last).to_contain_text('48 iguais')
    width = here(tab).get_by_role('textbox', name='Largura (C)')
    width.fill('1601')
    expect(here(tab).locator('p').filter(has_text='n_embd (1601)')).to_be_visible()
    expect(tab).to_have_url(re.compile('pc=1601'))
    width.fill('1600')
    here(tab).locator('input[value=own]').check()


def test_edited_source_runs_and_a_fault_is_marked(tab):
    code = here(tab).get_by_label('Código de gelu_forward')
    true = original(gelu_forward)
    code.fill(true.replace('out *= x', 'out *= y'))
    button(tab, 'Rodar com a minha versão').click()
    line = true.splitlines().index('    out *= x') + 1
    expect(here(tab).get_by_role('alert').filter(has_text=f'Linha {line} de gelu_forward')
           ).to_contain_text("name 'y' is not defined", timeout=WAIT)
    expect(here(tab).locator('.numbers .bad')).to_have_text(f'▸{line}')
    code.fill(true.replace('out *= 0.5', 'out *= 0.1'))
    button(tab, 'Rodar com a minha versão').click()
    table = here(tab).get_by_role('grid', name='A maior diferença em cada parte')
    row = table.get_by_role('row', name=re.compile('^neurônios ativos'))
    expect(row).to_be_visible(timeout=WAIT)
    assert row.get_by_role('gridcell').first.text_content() != '0'
    button(tab, 'Voltar ao original').click()
    expect(code).to_have_value(true)


def test_tab_indents_and_escape_lets_go(tab):
    code = here(tab).get_by_label('Código de gelu_forward')
    code.fill('x')
    code.press('Home')
    code.dispatch_event('keydown', {'key': 'Enter', 'isComposing': True})  # chooses a character
    expect(code).to_have_value('x')
    code.press('Tab')
    expect(code).to_have_value('    x')
    code.press('Shift+Tab')
    expect(code).to_have_value('x')
    code.press('Escape')
    code.press('Tab')
    expect(code).not_to_be_focused()
    button(tab, 'Voltar ao original').click()


def test_one_s_own_text_is_read_at_once(tab):
    prompt = here(tab).get_by_label('Texto que a máquina lê')
    prompt.fill('Era uma vez')
    shares = Reading(lab().model, lab().tokenizer.encode('Era uma vez')).array('shares')[-1]
    expect(here(tab).locator('.list .row .label').first).to_have_text(visible(int(shares.argmax())))
    prompt.fill('')
    expect(here(tab).get_by_role('alert').filter(has_text='Escreva').or_(
        here(tab).get_by_role('alert').filter(has_text='vazi')).first).to_be_visible()
    prompt.fill(PAYLOAD)
    expect(here(tab).locator('#info')).not_to_have_text(re.compile('^0 '))
    assert tab.title() != 'bad' and here(tab).locator('.view img').count() == 0
    prompt.fill(FIRST_TEXT)
    expect(here(tab).locator('.aside').first).to_contain_text('·menino')


def test_an_exercise_is_done_by_looking(tab):
    button(tab, 'Bloco 1').click()
    box(tab, 'h.0.attn.weights').click()
    grid = here(tab).get_by_role('grid', name=re.compile('pesos da atenção'))
    size = grid.bounding_box()
    grid.click(position={'x': size['width'] * 5.5 / 7, 'y': size['height'] * 1.5 / 7})
    expect(value(tab)).to_have_text('0')
    here(tab).locator('.numbers .go').first.click()
    expect(here(tab).get_by_role('listitem').filter(has_text='exatamente 0').filter(
        has_text='feito').first).to_be_attached(timeout=WAIT)


def test_the_link_leads_to_the_same_number(tab):
    expect(tab).to_have_url(re.compile(r'at=h\.0\.attn\.scores&cell='))
    link = tab.url
    rung(tab, 'Máquina inteira').click()
    expect(here(tab).locator('.place')).to_be_hidden()
    tab.evaluate("""href => {
      const link = Object.assign(document.createElement('a'), { href })
      link.dataset.page = 'model'
      document.body.append(link)
      link.click()
      link.remove()
    }""", link)
    expect(here(tab).locator('.place')).to_contain_text('token 2 «·menino»')
    expect(value(tab)).to_have_text(number(float('-inf'), 'pt'))
