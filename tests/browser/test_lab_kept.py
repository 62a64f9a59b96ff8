"""The reader's lab: opened from a file on one page, shown on every other, kept by the browser."""

from dataclasses import replace

import numpy as np
import pytest
from chromium import here, wait_live, watched
from playwright.sync_api import expect
from small_lab import TEXT, small_lab

from minigpt.lab import Lab, shipped_lab


@pytest.fixture(scope='module')
def own(tmp_path_factory):
    path = tmp_path_factory.mktemp('lab') / 'rato.safetensors'
    small_lab('rato').save(path)
    return path


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(site)
        yield wait_live(tab)


def kept(tab):
    expect(tab.locator('html')).to_have_attribute('data-lab', 'saved')


def test_a_lab_opened_from_a_file_is_on_every_page(tab, own):
    here(tab).locator('input[accept=".safetensors"]').set_input_files(own)
    expect(here(tab).get_by_text('Em uso: “rato”, o seu modelo.')).to_be_visible()
    expect(here(tab).locator('dd').nth(1)).to_have_text(str(Lab.load(own).tokenizer.vocab_size))
    expect(here(tab).locator('.text')).to_contain_text('O rato roeu a roupa')
    kept(tab)
    tab.locator('header').get_by_role('link', name='Inferência').click()
    wait_live(tab)
    expect(here(tab).get_by_text('de 64', exact=False).first).to_be_visible()


def moment(tab):
    return here(tab).locator('#slider')


def test_a_moment_of_its_training_is_shown_by_every_page(tab):
    tokens = here(tab).locator('.strip')
    expect(tokens).to_have_attribute('aria-busy', 'false')
    before = tokens.text_content()
    expect(moment(tab)).to_have_attribute('aria-valuetext', 'no fim: 40 atualizações')
    moment(tab).press('Home')
    expect(tokens).not_to_have_text(before)
    tab.locator('header').get_by_role('link', name='Embeddings').click()
    wait_live(tab)
    expect(moment(tab)).to_have_attribute('aria-valuetext', 'após 0 de 40 atualizações')
    here(tab).locator('input[value=training]').check()
    expect(here(tab).get_by_text('guarda 2 momentos do seu treino')).to_be_visible()
    point = here(tab).locator('svg[role=listbox] circle[aria-label="·roeu"]')
    then = point.get_attribute('cx')
    moment(tab).press('End')  # the map moves, and comes back
    expect(point).not_to_have_attribute('cx', then)
    moment(tab).press('Home')
    expect(point).to_have_attribute('cx', then)
    tab.locator('header').get_by_role('link', name='Inferência').click()
    here(tab).get_by_role('button', name='Ir ao fim').click()
    expect(tokens).to_have_text(before)
    moment(tab).press('Home')  # and what is kept is the whole lab
    expect(tokens).not_to_have_text(before)


def test_it_is_there_again_after_a_reload(tab):
    tab.goto(tab.url.replace('inference.html', ''))
    wait_live(tab)
    expect(here(tab).get_by_text('Em uso: “rato”, o seu modelo.')).to_be_visible()
    expect(moment(tab)).to_have_attribute('aria-valuetext', 'no fim: 40 atualizações')
    moment(tab).press('Home')


def test_what_is_saved_is_a_file_that_the_library_opens(tab, own, tmp_path):
    with tab.expect_download() as download:
        tab.get_by_role('button', name='Salvar em arquivo').click()
    download.value.save_as(tmp_path / 'saved.safetensors')
    saved, first = Lab.load(tmp_path / 'saved.safetensors'), Lab.load(own)
    assert download.value.suggested_filename == 'rato.safetensors'
    assert np.array_equal(saved.model.flat, first.model.flat) and saved.corpus == TEXT
    assert replace(saved, settings={}).to_bytes() == first.to_bytes()


def test_a_file_that_is_no_lab_is_said_and_nothing_is_lost(tab, tmp_path):
    (tmp_path / 'notas.txt').write_text('não é um modelo')
    here(tab).locator('input[accept=".safetensors"]').set_input_files(tmp_path / 'notas.txt')
    expect(tab.get_by_role('alert').filter(has_text='notas.txt')).to_be_visible()
    expect(here(tab).get_by_text('Em uso: “rato”, o seu modelo.')).to_be_visible()


def test_back_to_the_model_of_the_site(tab):
    tab.get_by_role('button', name='Voltar ao modelo do site').click()
    expect(here(tab).locator('dd').nth(1)).to_have_text(
        f'{shipped_lab().tokenizer.vocab_size:,}'.replace(',', '.'))
    expect(here(tab).locator('.text')).to_contain_text('Era uma vez')
    expect(moment(tab)).to_be_hidden()
    kept(tab)
    tab.reload()
    wait_live(tab)
    expect(here(tab).get_by_text('Em uso: o modelo que vem com o site')).to_be_visible()


def test_a_page_opened_in_the_background_is_there_at_once(tab):
    tab.locator('section[data-page=inference] .view:not([aria-busy]) > *').first.wait_for(
        state='attached', timeout=60_000)
    took = tab.evaluate("""async () => {
      const started = performance.now()
      document.querySelector('#nav a[data-page=inference]').click()
      await new Promise(requestAnimationFrame)
      return document.querySelector('section[data-page=inference] .view')
        .getBoundingClientRect().height > 100 ? performance.now() - started : -1
    }""")
    assert took >= 0
    wait_live(tab)


def test_a_kept_lab_that_cannot_be_read_is_said(browser, site):
    with watched(browser) as tab:
        tab.route('**/favicon.ico', lambda route: route.fulfill(status=204))
        tab.goto(f'{site}assets/icon.svg')  # of the same origin, without the site's scripts
        tab.evaluate("""async () => {
          const { writeLab } = await import('./storage.mjs')
          await writeLab('{"seen": ["portal"]}', new Uint8Array([1, 2, 3]))
        }""")
        tab.goto(site)
        wait_live(tab)
        expect(tab.locator('#notice')).to_contain_text('não pôde ser lido')
        tab.get_by_role('button', name='Fechar').click()
        expect(tab.locator('#notice')).to_be_hidden()
