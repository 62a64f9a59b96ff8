"""The embeddings page under a reader's hands: one visit."""

import re

import pytest
from chromium import caught, here, wait_live, watched
from playwright.sync_api import expect

from minigpt.embeddings import nearest_neighbours, token_table
from pages.embeddings.words import read_word
from pages.lab import lab
from pages.locale import text

WAIT = 60_000
PAYLOADS = ['<img src=x onerror="document.title=\'bad\'">', '<script>document.title="bad"</script>',
            '{{7*7}}', '&lt;b&gt;', '\u202eמפה\u202c 🐈']


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser, accept_downloads=True) as tab:
        tab.goto(f'{site}embeddings.html')
        yield wait_live(tab)


def svg(tab):
    return here(tab).locator('svg[role=listbox]')


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


def rows(tab):
    """The list of neighbours: the first ranking."""
    return here(tab).locator('.list.choosable').first.locator('.row')


def press_point(tab, label):
    """Click the point of a token, wherever it is on the map."""
    point = svg(tab).locator(f'circle[aria-label="{label}"]').bounding_box()
    tab.mouse.click(point['x'] + point['width'] / 2, point['y'] + point['height'] / 2)


def test_list_bars_and_map_hold_minigpt_s_own_numbers(tab):
    table, word = token_table(lab().model), read_word('disse')
    want = nearest_neighbours(table, table[word.ids[0]], 10, exclude=word.ids)
    expect(rows(tab)).to_have_count(10)
    for row, it in zip(rows(tab).all(), want, strict=True):
        assert int(row.get_attribute('data-id')) == it.index
        assert float(row.get_attribute('data-value')) == pytest.approx(it.similarity, abs=1e-5)
    expect(svg(tab).locator('circle.near')).to_have_count(10)
    expect(svg(tab).locator('circle.chosen')).to_have_attribute('aria-label', '·disse')
    colours = tab.evaluate('''() => { const all = root => [...root.querySelectorAll('*')].flatMap(
      it => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])])
      const nodes = all(document), style = (it, name) => getComputedStyle(it)[name]
      return [style(nodes.find(it => it.matches('circle.near')), 'fill'),
        style(nodes.find(it => it.matches('.row .bar')), 'backgroundColor'),
        style(nodes.find(it => it.matches('.row .label')), 'color')] }''')
    assert len(set(colours)) == 1


def test_a_click_on_the_map_chooses_and_the_link_says_so(tab):
    press_point(tab, '·escola')
    expect(svg(tab).locator('circle.chosen')).to_have_attribute('aria-label', '·escola')
    expect(here(tab).get_by_label('Procurar palavra')).to_have_value('escola')
    expect(tab).to_have_url(re.compile(rf'w={read_word("escola").key}\b'))
    expect(here(tab).locator('h3').filter(has_text='«escola»').first).to_be_visible()
    rows(tab).first.hover()
    expect(svg(tab).locator('circle.lit.near')).to_have_count(1)
    expect(here(tab).locator('.about').filter(has_text='cosseno(escola').first).to_be_visible()


def test_search_finds_words_on_the_map_and_off_it(tab):
    search = here(tab).get_by_label('Procurar palavra')
    search.fill('meni')
    expect(svg(tab).locator('circle.match')).not_to_have_count(0)
    search.fill('menina')
    search.press('Enter')
    expect(svg(tab).locator('circle.chosen')).to_have_attribute('aria-label', '·menina')
    expect(here(tab).get_by_role('listitem').filter(has_text='menina').filter(
        has_text='feito').first).to_be_attached(timeout=WAIT)
    search.fill('rainha')
    search.press('Enter')
    expect(svg(tab).locator('circle.chosen')).to_have_attribute('aria-label', '·ra+inha')


def test_the_keyboard_reaches_every_point(tab):
    svg(tab).focus()
    before = svg(tab).get_attribute('aria-activedescendant')
    tab.keyboard.press('ArrowLeft')
    expect(svg(tab)).not_to_have_attribute('aria-activedescendant', before)
    label = svg(tab).locator('circle.here').get_attribute('aria-label')
    tab.keyboard.press('Space')
    expect(svg(tab).locator('circle.selected')).to_have_attribute('aria-label', label)
    tab.keyboard.press('Escape')
    expect(svg(tab).locator('circle.selected')).to_have_count(0)
    tab.keyboard.press('Enter')
    expect(svg(tab).locator('circle.chosen')).to_have_attribute('aria-label', label)


def test_zoom_lasso_and_the_number_beside_it(tab):
    far = svg(tab).locator('circle').first
    before = far.get_attribute('cx')
    button(tab, 'Ampliar').click()
    expect(far).not_to_have_attribute('cx', before)
    button(tab, 'Ver tudo').click()
    expect(far).to_have_attribute('cx', before)
    button(tab, 'Laço').click()
    box = svg(tab).bounding_box()
    path = [(.2, .2), (.8, .2), (.8, .8), (.2, .8), (.2, .2)]
    corners = [(box['x'] + box['width'] * x, box['y'] + box['height'] * y) for x, y in path]
    tab.mouse.move(*corners[0])
    tab.mouse.down()
    for corner in corners[1:]:
        tab.mouse.move(*corner, steps=4)
    tab.mouse.up()
    picked = svg(tab).locator('circle.selected')
    expect(picked).not_to_have_count(0)
    expect(here(tab).locator('.note').filter(has_text='em média cosseno')).to_be_visible()
    here(tab).locator('#around').fill('7')
    button(tab, 'Separar').click()
    expect(picked).to_have_count(7)
    with tab.expect_download() as download:
        here(tab).locator('#csv').click()
    assert len(download.value.path().read_text(encoding='utf-8-sig').splitlines()) == 8
    button(tab, 'Soltar a seleção').click()
    expect(picked).to_have_count(0)
    button(tab, 'Mover').click()


def test_t_sne_moves_pauses_and_goes_on(tab):
    with caught(tab, 'button:not([aria-disabled=true])', 'Pausar', press=True):
        here(tab).locator('input[value=tsne]').check()
    said = here(tab).locator('p').filter(has_text='Iteração').first
    expect(said).to_be_visible()
    expect(button(tab, 'Pausar')).to_have_attribute('aria-disabled', 'true')
    if button(tab, 'Continuar').get_attribute('aria-disabled') == 'false':
        button(tab, 'Continuar').click()
    expect(said).to_contain_text('Iteração 1000 de 1000', timeout=WAIT)
    expect(svg(tab).locator('.ticks text')).to_have_count(0)


def test_a_new_model_s_map_forms_in_the_page(tab):
    here(tab).locator('input[value=training]').check()
    end = here(tab).locator('p').filter(has_text='passo 200 de 200').first
    expect(end).to_be_visible(timeout=WAIT)
    end = svg(tab).locator('circle').first.get_attribute('cx')
    step = here(tab).get_by_role('textbox', name='Passo do treino', exact=True)
    step.fill('0')
    expect(here(tab).locator('.lead').filter(has_text='passo 0')).to_be_visible()
    assert svg(tab).locator('circle').first.get_attribute('cx') != end
    here(tab).locator('input[value=pca]').check()
    expect(svg(tab).locator('.ticks .name')).to_have_count(2)


def test_every_place_of_a_vector_says_its_numbers(tab):
    strip = here(tab).get_by_role('slider', name=re.compile('Os 128 números'))
    strip.focus()
    strip.press('Home')
    strip.press('ArrowRight')
    expect(strip).to_have_attribute('aria-valuenow', '2')
    expect(here(tab).locator('.about').filter(has_text='Número 2 de 128')).to_be_visible()


@pytest.mark.parametrize('payload', PAYLOADS)
def test_what_one_types_is_text_and_nothing_else(tab, payload):
    search = here(tab).get_by_label('Procurar palavra')
    search.fill(payload)
    search.press('Enter')
    word = read_word(payload)
    expect(svg(tab).locator('circle.chosen')).to_have_attribute('aria-label', word.label)
    for label in ('Segunda', 'Palavra', 'Uma frase'):
        here(tab).get_by_label(label, exact=True).fill(payload)
    expect(here(tab).locator('.name').filter(has_text=word.plain[:8]).first).to_be_attached()
    assert tab.title() != 'bad' and here(tab).locator('.view img, .view script').count() == 0


def test_own_text_changes_which_tokens_are_on_the_map(tab):
    here(tab).locator('summary').filter(has_text=text('pt')['own_text']['title']).click()
    here(tab).get_by_label(text('pt')['own_text']['label']).fill(
        'O rio corre para o mar. O mar recebe o rio. ' * 30)
    button(tab, text('pt')['own_text']['use']).click()
    said = text('pt')['embeddings']['map']['said']['no_words'].split('. ')[1]
    expect(here(tab).locator('p').filter(has_text=said)).to_be_visible(timeout=WAIT)
    expect(svg(tab).locator('circle[aria-label="·recebe"], circle[aria-label="·rio"]').first
           ).to_be_attached()
