"""The site as files: opened by double click, without a server."""

import contextlib
import os
import shutil

import pytest
from chromium import BOOT, here
from playwright.sync_api import expect

from sitebuild import portable
from sitebuild.paths import Paths


@pytest.fixture(scope='module')
def folder(dist, tmp_path_factory):
    root = tmp_path_factory.mktemp('portable')
    (root / 'dist').symlink_to(dist)
    shutil.copytree(dist.parent / 'site' / 'portable', root / 'site' / 'portable')
    return portable.make(Paths(root))[0]


@pytest.fixture(scope='module')
def tab(browser):
    """A tab that asks nobody but the disk."""
    with from_disk(browser) as tab:
        yield tab


@contextlib.contextmanager
def from_disk(browser, allowed=()):
    context = browser.new_context(locale='pt-BR', service_workers='block')
    tab, wrong = context.new_page(), []
    tab.on('console', lambda it: (it.type == 'error' or 'minigpt' in it.text)
           and not any(text in it.text for text in allowed)
           and wrong.append(it.text))  # also that it starts without its snapshot
    tab.on('pageerror', lambda error: any(text in str(error) for text in allowed)
           or wrong.append(str(error)))
    tab.on('request', lambda it: it.url.startswith(('file:', 'blob:', 'data:'))
           or wrong.append(it.url))
    yield tab
    context.close()
    assert wrong == []


def live(tab):
    tab.wait_for_selector('html[data-state=live], html[data-state=error]', state='attached',
                          timeout=BOOT)
    assert tab.get_attribute('html', 'data-state') == 'live', tab.locator('#boot').inner_text()


def test_a_page_opened_from_a_file_computes(tab, folder):
    tab.goto((folder / 'index.html').as_uri())
    live(tab)
    tab.get_by_role('button', name='Outra continuação').click()
    expect(here(tab).locator('ul.facts')).to_contain_text('semente 8')


def test_a_link_leads_to_another_page_in_place(tab):
    tab.evaluate('window.here = true')
    tab.locator('#nav').get_by_role('link', name='Tokenizador').click()
    live(tab)
    expect(tab.get_by_role('heading', level=1).locator('visible=true')).to_have_count(1)
    assert tab.evaluate('window.here') and tab.get_attribute('html', 'data-page') == 'tokenizer'


def test_back_and_forward_lead_to_the_pages_before_and_after(tab):
    tab.go_back()
    live(tab)
    assert tab.evaluate('window.here') and tab.get_attribute('html', 'data-page') == 'index'
    expect(tab.locator('ul.facts')).to_contain_text('semente 8')
    tab.go_forward()
    live(tab)
    assert tab.evaluate('window.here') and tab.get_attribute('html', 'data-page') == 'tokenizer'


def test_a_reload_stays_on_the_page(tab):
    tab.reload()
    live(tab)
    assert tab.get_attribute('html', 'data-page') == 'tokenizer'
    tab.locator('#nav').get_by_role('link', name='Inferência').click()
    live(tab)
    tab.get_by_role('textbox', name='Semente', exact=True).fill('31')
    tab.get_by_role('textbox', name='Semente', exact=True).press('Enter')
    tab.wait_for_function('history.state.address.includes("seed=31")')
    tab.reload()
    live(tab)
    expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('31')


def test_an_import_right_after_the_start_finds_its_module(tab):
    tab.keyboard.press('F2')
    tab.locator('#console textarea').fill('import wave; wave.WAVE_FORMAT_PCM')
    tab.locator('#console textarea').press('Enter')
    expect(tab.locator('#console article').last.locator('.parts')).to_have_text('1\n')


def test_every_page_has_a_file_of_its_own(tab, folder):
    tab.goto(f'{(folder / "inference.html").as_uri()}?seed=12')
    live(tab)
    expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('12')
    for page in folder.glob('*.html'):
        text = page.read_text(encoding='utf-8')
        assert 'type="module"' not in text and 'href="./"' not in text, page.name


def gone(data):
    return None


def cut(data):
    return data[:len(data) // 2]


@contextlib.contextmanager
def harmed(browser, folder, copy, name, harm):
    """A tab and a copy of the folder, with one file harmed; `mend()` puts it right again."""
    shutil.copytree(folder, copy, copy_function=os.link)
    data, file = (copy / name).read_bytes(), copy / name
    file.unlink()  # the copy's own from here on, not the one that both folders share
    if harm(data) is not None:
        file.write_bytes(harm(data))
    with from_disk(browser, allowed=NOISE) as tab:
        tab.goto((copy / 'index.html').as_uri())
        yield tab, lambda: file.write_bytes(data)


# What a harmed file leads to on the console.
NOISE = ('ERR_FILE_NOT_FOUND', 'SyntaxError', 'Invalid or unexpected token', 'Unexpected end',
         'missing ) after argument list', 'prior to loading plugins', 'Script error',
         'is not drawn before Python is there', 'starting Python without its snapshot')


@pytest.mark.parametrize('harm, name', [
    (gone, 'portable/assets/shell.mjs.js'), (gone, 'portable/assets/worker.mjs.js'),
    (gone, 'portable/assets/zstd.wasm.js'), (gone, 'portable/rest.bin.js'),
    (gone, 'bokeh/drawing.js'), (cut, 'portable/assets/shell.mjs.js'),
    (cut, 'portable/build.json.js'), (cut, 'portable/pyodide/pyodide.mjs.js'),
    (cut, 'bokeh/drawing.js')])
def test_a_file_that_is_missing_or_damaged_is_named(browser, folder, tmp_path, harm, name):
    with harmed(browser, folder, tmp_path / 'site', name, harm) as (tab, mend):
        expect(tab.locator('.boot-error')).to_contain_text(
            f'O arquivo {name} falta na pasta deste site ou está danificado. Copie outra vez')
        mend()
        tab.get_by_role('button', name='Tentar de novo').click()
        live(tab)


@pytest.mark.parametrize('harm', [gone, cut])
def test_a_page_whose_first_script_is_missing_or_damaged_says_so(browser, folder, tmp_path, harm):
    name = 'portable/start.js'
    with harmed(browser, folder, tmp_path / 'site', name, harm) as (tab, _):
        expect(tab.locator('#unstarted')).to_contain_text(f'O arquivo {name} falta na pasta')


@pytest.mark.parametrize('harm', [gone, cut])
def test_without_its_snapshot_it_starts_all_the_same(browser, folder, tmp_path, harm):
    with harmed(browser, folder, tmp_path / 'site', 'portable/snapshot.bin.js', harm) as (tab, _):
        live(tab)
