"""The training page under a reader's hands: one visit, with a model that learns at once."""

import re

import pytest
from chromium import here, wait_live, watched
from kept_lab import kept_beyond
from playwright.sync_api import expect

WAIT = 60_000
SMALL = 'training.html?v=270&t=16&c=16&h=2&l=1&b=4&n=60&every=10&eb=2&w=3'
TEXT = 'O rato roeu a roupa do rei de Roma, e a rainha, com raiva, resolveu remendar. '
RUNS_THROUGH = """name => {  // whether a curve of its chart runs through a name
  const { x, y, width, height } = name.getBBox()
  return [...name.ownerSVGElement.querySelectorAll('path.line')].some(line => {
    for (let i = 0; i < line.getTotalLength(); i += 2) {
      const at = line.getPointAtLength(i)
      if (at.x > x && at.x < x + width && at.y > y && at.y < y + height) return true
    }
    return false
  })
}"""
MARKUP = '<img src=x onerror="document.title=\'bad\'">'


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}training.html')
        yield wait_live(tab)


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


def state(tab):
    return here(tab).locator('.state')


def expect_points(tab, *counts: int | None):
    """So many points have the lines of the first chart; None: any number."""
    lines = here(tab).get_by_role('slider', name='Perda').first.locator('path.line')
    for place, count in enumerate(counts):
        if count:
            expect(lines.nth(place)).to_have_attribute(
                'd', re.compile(rf'^(?:[ML][^ML]*){{{count}}}$'))


def go(tab, name):
    tab.locator(f'#nav a[data-page={name}]').click()
    expect(tab.locator('html')).to_have_attribute('data-page', name)
    wait_live(tab)


def test_it_opens_on_the_recorded_run(tab):
    expect(state(tab)).to_contain_text('Um treino gravado')
    expect_points(tab, 400, 400, 32)
    expect(here(tab).locator('text.level').first).to_have_text('puro acaso: ln 512')
    assert here(tab).locator('ol li p').first.inner_text().startswith('Era uma vez')
    assert not here(tab).locator('text.level', has_text='um milésimo').evaluate(RUNS_THROUGH)


def test_the_upright_is_shared_and_moved_by_keys(tab):
    chart = here(tab).get_by_role('slider', name='Perda', exact=True)
    chart.focus()
    chart.press('Home')
    expect(chart).to_have_attribute('aria-valuenow', '2')
    chart.press('End')
    chart.press('Enter')
    expect(here(tab).locator('.over').first.locator('circle')).to_have_count(3)
    expect(button(tab, 'passo 800 · perda 4,02')).to_have_attribute('aria-pressed', 'true')
    chart.press('Escape')
    expect(here(tab).locator('.over').first.locator('circle')).to_have_count(0)


def follow(tab, href):
    """Follow a link to this page."""
    tab.evaluate("""href => {
      const link = Object.assign(document.createElement('a'), { href })
      link.dataset.page = 'training'
      document.body.append(link)
      link.click()
      link.remove()
    }""", href)


def test_a_press_trains_a_model_for_all_pages(tab):
    follow(tab, SMALL)
    expect(here(tab).get_by_text('7.888 parâmetros')).to_be_visible(timeout=WAIT)
    expect(here(tab).get_by_text(re.compile('Medido aqui'))).to_be_visible(timeout=WAIT)
    button(tab, 'Treinar').click()
    expect(state(tab)).to_contain_text('Treino 1 terminou no passo 60', timeout=WAIT)
    expect_points(tab, 60, 60, 6)
    expect(here(tab).locator('ol[reversed] > li')).to_have_count(6)
    go(tab, 'index')
    expect(tab.locator('section[data-page=index]')).to_contain_text('Treino 1', timeout=WAIT)
    go(tab, 'training')


def test_one_update_in_slow_motion(tab):
    fact = here(tab).locator('.fact')
    expect(fact).to_contain_text('O mesmo lote, medido de novo', timeout=WAIT)
    button(tab, '1 Lote').or_(button(tab, 'Lote')).click()
    expect(fact).to_contain_text('4 trechos de 16 tokens')
    for said in ('Ida:', 'Perda:', 'Volta:', 'Mudança:', 'O mesmo lote'):
        button(tab, 'Próxima etapa').click()
        expect(fact).to_contain_text(said)
    expect(here(tab).locator('.band.shown')).to_have_count(4)
    svg = here(tab).get_by_role('group', name='Um passo em câmera lenta').last
    svg.focus()
    svg.press('End')
    expect(here(tab).locator('.about').filter(has_text='notas:').first).to_be_visible()
    tokens = here(tab).locator('.batch').get_by_role('option')
    tokens.first.focus()
    tokens.first.press('ArrowRight')
    expect(tokens.nth(1)).to_be_focused()
    said = tokens.nth(1).get_attribute('aria-label')
    expect(here(tab).locator('.about').filter(has_text=said)).to_be_visible()


def test_a_clicked_weight_is_checked(tab):
    here(tab).get_by_label('Pesos', exact=True).select_option('h.0.mlp.c_fc.weight')
    grid = here(tab).get_by_role('grid').filter(visible=True).first
    grid.press('ArrowRight')
    grid.press('Enter')
    expect(here(tab).get_by_role('heading', name=re.compile(r'h\.0\.mlp\.c_fc\.weight\['))
           ).to_be_visible(timeout=WAIT)
    expect(here(tab).get_by_text('Erro relativo:')).to_be_visible()


def test_four_optimizers_race_from_the_same_start(tab):
    rate = here(tab).get_by_label('SGD: taxa')
    rate.select_option('3')
    button(tab, 'Correr').click()
    expect(here(tab).get_by_text('Na frente:')).to_be_visible(timeout=WAIT)
    chart = here(tab).get_by_role('slider', name='Perda de cada um (alisada)')
    paths = chart.locator('path.line')
    expect(paths).to_have_count(4)
    first = paths.evaluate_all("all => all.map(it => it.getAttribute('d').split('L')[0])")
    assert len(set(first)) == 1  # the first batch finds the same model
    for path in paths.all():
        expect(path).to_have_attribute('d', re.compile(r'^(?:[ML][^ML]*){150}$'))
    rate.select_option('1')


def test_it_is_still_there_after_a_reload(tab):
    tab.reload()
    wait_live(tab)
    expect(state(tab)).to_contain_text('Treino 1, de uma visita anterior: 60 passos')
    expect_points(tab, None, None, 6)
    speed = here(tab).get_by_role('slider', name='Velocidade')
    expect(speed.locator('path.line')).to_have_attribute(
        'd', re.compile(r'^(?:[ML][^ML]*){60}$'))


def test_a_run_is_kept_while_it_goes_on(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}training.html?v=270&t=64&c=64&h=2&l=2&b=16&n=20000&every=1000&eb=2&w=3')
        wait_live(tab)
        button(tab, 'Treinar').click()
        kept_beyond(tab, 0)
        expect(state(tab)).to_contain_text('está treinando')
        tab.reload()
        wait_live(tab)
        expect(state(tab)).to_contain_text('Treino 1, de uma visita anterior')


def test_a_run_that_breaks_is_saved(tab):
    here(tab).locator('summary').filter(has_text='O treino (vale').click()
    rate = here(tab).get_by_role('combobox', name='Taxa de aprendizado')
    rate.select_option('10000')
    button(tab, 'Treinar').click()
    expect(here(tab).get_by_role('alert').filter(has_text='alta demais')).to_be_visible(
        timeout=WAIT)
    rate.select_option('0.004')
    button(tab, 'Voltar a este ponto').click()
    button(tab, 'Continuar').click()
    expect(state(tab)).to_contain_text(re.compile('terminou no passo 60'), timeout=WAIT)
    expect(here(tab).get_by_text('fácil · feito').or_(here(tab).get_by_text('difícil · feito')).last
           ).to_be_visible()


def test_own_text_is_text(tab):
    here(tab).locator('summary').filter(has_text='Usar o meu texto').click()
    here(tab).get_by_label('Seu texto', exact=True).fill((MARKUP + TEXT) * 12)
    button(tab, 'Usar este texto').click()
    expect(tab).to_have_url(re.compile('text='))
    button(tab, 'Treinar').click()
    expect(state(tab)).to_contain_text(re.compile(r'Treino \d terminou no passo 60'), timeout=WAIT)
    assert tab.title() != 'bad' and here(tab).locator('.view img').count() == 0
