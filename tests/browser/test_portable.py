"""The site as files: opened by double click, without a server."""

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
    context = browser.new_context(locale='pt-BR', service_workers='block')
    tab, wrong = context.new_page(), []
    tab.on('console', lambda it: (it.type == 'error' or 'minigpt' in it.text)
           and wrong.append(it.text))  # also that it starts without its snapshot
    tab.on('pageerror', lambda error: wrong.append(str(error)))
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


def test_every_page_has_a_file_of_its_own(tab, folder):
    tab.goto(f'{(folder / "inference.html").as_uri()}?seed=12')
    live(tab)
    expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('12')
    for page in folder.glob('*.html'):
        text = page.read_text(encoding='utf-8')
        assert 'type="module"' not in text and 'href="./"' not in text, page.name
