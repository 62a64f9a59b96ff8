"""What a run leaves behind: a link that repeats it, a script, and a model that outlives its tab."""

import csv
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlparse

import numpy as np
import pytest
from chromium import here, wait_live, watched
from kept_lab import kept_beyond
from playwright.sync_api import expect

WAIT = 60_000
TEXT = 'O rato roeu a roupa do rei de Roma, e a rainha, com raiva, resolveu remendar. ' * 12
SMALL = {'v': 270, 't': 16, 'c': 16, 'h': 2, 'l': 1, 'b': 4, 'n': 40, 'every': 10, 'eb': 2, 'w': 3}
LONG = SMALL | {'t': 64, 'c': 64, 'n': 20_000, 'every': 1000}
TOLERANCE = 0.02  # nats between two ways to compute, as the page says
PY = Path(__file__).parents[2] / 'py'
PAGES = ('index', 'tokenizer', 'embeddings', 'attention', 'transformer', 'model', 'inference',
         'chunking', 'sample')
FOLDS = 'surprise.duel.cache.batch.way'


def link(site, **settings):
    return f'{site}training.html?{urlencode(settings)}'


def asked(address):
    return parse_qs(urlparse(address).query)


def button(tab, name):
    return here(tab).get_by_role('button', name=name, exact=True)


def state(tab):
    return here(tab).locator('.state')


def opened(tab, address):
    tab.goto(address)
    return wait_live(tab)


def train(tab):
    button(tab, 'Treinar').click()
    expect(state(tab)).to_contain_text('Treino 1 terminou no passo', timeout=WAIT)


def saved(tab, name: str, folder: Path) -> Path:
    with tab.expect_download() as download:
        button(tab, name).first.click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def curves(file: Path) -> dict[str, list[tuple[int, float]]]:
    """What a chart's CSV holds: points (step, value) by the curve's name."""
    found = {}
    with file.open(encoding='utf-8-sig', newline='') as lines:
        for step, name, value in list(csv.reader(lines))[1:]:
            found.setdefault(name, []).append((int(step), float(value)))
    return found


def test_a_link_repeats_the_curve_and_the_script_does_so_elsewhere(browser, site, tmp_path):
    address, found = link(site, **SMALL, text=TEXT), []
    for turn in ('here', 'another browser'):
        with watched(browser, accept_downloads=True) as tab:
            opened(tab, address)
            train(tab)
            assert asked(tab.url) == asked(address)  # what is shared is what was followed
            found.append(curves(saved(tab, 'CSV', tmp_path)))
            script = saved(tab, 'Baixar esta vista como script', tmp_path)
    assert found[0] == found[1]
    batch, held_out = found[0]['cada passo'], found[0]['validação']
    assert [step for step, _ in batch] == [*range(1, 41)]
    printed = subprocess.run([sys.executable, script], env={'PYTHONPATH': str(PY)}, check=True,
                             capture_output=True, encoding='utf-8').stdout
    for name, curve in (('loss', batch), ('validation', held_out)):
        natively = re.findall(rf'^{name} (\d+) (\S+)$', printed, re.M)
        assert [int(step) for step, _ in natively] == [step for step, _ in curve]
        np.testing.assert_allclose([float(value) for _, value in natively],
                                   [value for _, value in curve], atol=TOLERANCE)


def drawn_pages(tab):
    return tab.locator('section.page').evaluate_all(
        "all => all.filter(it => it.querySelector('.view > *')).map(it => it.dataset.page)")


def shown_step(tab) -> int:
    """How many updates the page tells of."""
    return int(re.search(r'passo\s+([\d.]+)', here(tab).locator('dl').first.inner_text())[1]
               .replace('.', ''))


def test_no_other_page_is_drawn_behind_a_run_that_is_looked_at(browser, site):
    with watched(browser) as tab:
        opened(tab, link(site, **LONG))
        button(tab, 'Treinar').click()
        kept_beyond(tab, 0)  # seconds after it began
        before = drawn_pages(tab)
        kept_beyond(tab, shown_step(tab))
        assert drawn_pages(tab) == before and len(before) < len(PAGES)
        button(tab, 'Pausar').click()
        expect(tab.locator('section[data-page=sample] .view > *').first).to_be_attached(
            timeout=WAIT)


def test_a_tab_closed_in_mid_run_loses_what_came_after_the_last_save(browser, site):
    with watched(browser) as tab:
        opened(tab, link(site, **LONG))
        button(tab, 'Treinar').click()
        kept_beyond(tab, 0)
        before = shown_step(tab)
        kept_beyond(tab, before)
        tab.close()
        again = tab.context.new_page()
        opened(again, link(site, **LONG))
        expect(state(again)).to_contain_text('Treino 1, de uma visita anterior')
        kept = int(re.search(r'([\d.]+) passos', state(again).inner_text())[1].replace('.', ''))
        assert kept > before
        button(again, 'Um passo').click()
        expect(here(again).locator('dl').first).to_contain_text(f'{kept + 1:,}'.replace(',', '.'))


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        yield opened(tab, link(site, **SMALL))


def use(tab, text: str):
    here(tab).get_by_label('Seu texto', exact=True).fill(text)
    button(tab, 'Usar este texto').click()


def test_a_text_that_cannot_be_learnt_is_said_and_loses_nothing(tab):
    here(tab).locator('summary').filter(has_text='Usar o meu texto').click()
    use(tab, ' \n')
    expect(here(tab).get_by_text('O texto está vazio')).to_be_visible()
    expect(state(tab)).to_contain_text('Um treino gravado')
    use(tab, 'Oi.')
    button(tab, 'Treinar').click()
    alert = here(tab).get_by_role('alert').filter(has_text='curto demais')
    expect(alert).to_be_visible(timeout=WAIT)
    expect(alert).to_contain_text('um contexto')


def test_a_model_that_saw_a_single_token_is_on_every_page(tab, site):
    opened(tab, link(site, **SMALL | {'v': 257}, text='a' * 600))
    train(tab)
    for page in PAGES:
        tab.locator(f'#nav a[data-page={page}]').click()
        expect(tab.locator('html')).to_have_attribute('data-page', page)
        wait_live(tab)
    tab.goto(f'{site}inference.html?open={FOLDS}')
    wait_live(tab)
    strip = here(tab).locator('.strip').first
    expect(strip).to_have_attribute('aria-busy', 'false', timeout=WAIT)
    expect(here(tab).locator('h4')).to_have_count(5, timeout=WAIT)  # four decoders, one line
