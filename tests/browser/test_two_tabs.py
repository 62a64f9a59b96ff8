"""Two tabs of one browser, each with a lab: one of them is kept, and nobody's is lost untold."""

import pytest
from accessible import violations
from chromium import here, wait_live, watched
from playwright.sync_api import expect
from small_lab import small_lab


@pytest.fixture(scope='module')
def files(tmp_path_factory):
    """Names → files of labs."""
    folder = tmp_path_factory.mktemp('labs')
    paths = {name: folder / f'{name}.safetensors' for name in ('rato', 'gato')}
    for name, path in paths.items():
        small_lab(name).save(path)
    return paths


@pytest.fixture(scope='module')
def tabs(browser, site):
    with watched(browser) as first:
        second = first.context.new_page()
        for tab in (first, second):
            tab.goto(site)
            wait_live(tab)
        yield first, second


def opens(tab, path):
    here(tab).locator('input[accept=".safetensors"]').set_input_files(path)
    uses(tab, path.stem)


def uses(tab, name):
    expect(here(tab).get_by_text(f'Em uso: “{name}”')).to_be_visible()


def kept(tab):
    expect(tab.locator('html')).to_have_attribute('data-lab', 'saved')


def told(tab, what):
    expect(tab.locator('#notice')).to_contain_text(f'outro laboratório: {what}.')


def press(tab, name):
    tab.locator('#notice').get_by_role('button', name=name).click()
    expect(tab.locator('#notice')).to_be_hidden()


def test_a_newer_lab_of_another_tab_is_told_and_opened_when_one_says_so(tabs, files, axe):
    first, second = tabs
    opens(first, files['rato'])
    kept(first)
    told(second, '“rato”')
    expect(here(second).get_by_text('Em uso: o modelo que vem com o site')).to_be_visible()
    assert violations(second, axe, '#notice') == []
    press(second, 'Abrir aqui')
    uses(second, 'rato')
    kept(second)
    expect(first.locator('#notice')).to_be_hidden()


def test_what_a_tab_has_is_not_kept_until_one_chooses(tabs, files):
    first, second = tabs
    opens(first, files['gato'])
    kept(first)
    told(second, '“gato”')
    press(second, 'Fechar')
    second.get_by_role('button', name='Voltar ao modelo do site').click()
    told(second, '“gato”')
    second.reload()
    wait_live(second)
    uses(second, 'gato')


def test_one_s_own_stays_where_one_says_so_and_the_other_tab_is_told(tabs, files):
    first, second = tabs
    opens(second, files['rato'])
    kept(second)
    told(first, '“rato”')
    press(first, 'Ficar com o desta aba')
    kept(first)
    told(second, '“gato”')
    uses(second, 'rato')
    second.reload()
    wait_live(second)
    uses(second, 'gato')


def test_two_tabs_with_the_site_s_model_have_nothing_to_choose(tabs):
    first, second = tabs
    first.get_by_role('button', name='Voltar ao modelo do site').click()
    told(second, 'o modelo do site')
    second.get_by_role('button', name='Voltar ao modelo do site').click()
    expect(second.locator('#notice')).to_be_hidden()
    kept(second)


def test_what_one_has_done_counts_in_both(tabs):
    first, second = tabs
    first.locator('#nav a[data-page=tokenizer]').click()
    wait_live(first)
    step = here(second).locator('.levels li').filter(has=second.get_by_role('link', name='Tokenizador'))
    expect(step).to_contain_text('0 de 3')
