"""From the first page to the second and back, in any way a reader may go."""

import re

import pytest
from chromium import here, served, wait_live, watched
from playwright.sync_api import expect

from pages.inference.page import Inference
from pages.lab import lab, visible
from pages.portal.page import Portal
from sitebuild.service_worker import POLICY


@pytest.fixture(scope='module')
def tab(browser, site):
    """One visit that starts at the portal."""
    with watched(browser) as tab:
        tab.goto(site)
        yield wait_live(tab)


def prose(tab) -> str:
    return here(tab).locator('.text').text_content()


def story(portal: Portal) -> str:
    return portal._story.given + portal._story.written


def test_the_portal_shows_what_the_model_writes_natively(tab):
    assert prose(tab) == story(Portal())


def test_the_model_s_sizes_are_those_of_the_checkpoint(tab):
    expect(here(tab).locator('dd').first).to_have_text(
        f'{lab().model.n_params:,}'.replace(',', '.'))


def test_another_continuation_is_another_seed_s(tab):
    before, want = prose(tab), story(Portal(query={'seed': '8'}))
    assert want != before
    tab.get_by_role('button', name='Outra continuação').click()
    expect(here(tab).locator('ul.facts')).to_contain_text('semente 8')
    expect(here(tab).locator('.text[aria-busy=false]')).to_have_text(want, timeout=60_000)
    assert prose(tab) == want
    expect(here(tab).locator('li[data-key=another]')).to_have_class(re.compile('done'))


def test_a_file_dropped_on_the_portal_is_the_text_of_all_pages(tab):
    box = here(tab).locator('details', has_text='Usar o meu texto')
    box.locator('summary').click()
    transfer = tab.evaluate_handle("""() => { const it = new DataTransfer()
        it.items.add(new File(['Ser ou não ser, eis a questão.'], 'hamlet.txt')); return it }""")
    box.locator('.zone').dispatch_event('drop', {'dataTransfer': transfer})
    expect(here(tab).get_by_text('com o seu texto')).to_be_visible()
    expect(here(tab).locator('.text')).to_contain_text('Ser ou não ser, eis')
    box.get_by_role('button', name='Voltar ao corpus do minigpt').click()
    expect(here(tab).locator('.text[aria-busy=false]')).to_have_text(
        story(Portal(query={'seed': '8'})), timeout=60_000)


def test_a_link_keeps_python_alive(tab):
    tab.evaluate('window.here = true')
    worker = tab.workers[0]
    tab.locator('header').get_by_role('link', name='Inferência').click()
    wait_live(tab)
    assert tab.evaluate('window.here') and tab.workers == [worker]
    expect(tab).to_have_url(re.compile(r'/minigpt/inference\.html'))
    expect(tab).to_have_title(re.compile('^Inferência'))
    expect(tab.get_by_role('heading', level=1)).to_have_text('Como um GPT escolhe a próxima palavra')
    expect(here(tab).locator('.strip .token').first).to_be_visible()


def test_back_and_forward(tab):
    tab.go_back()
    expect(here(tab).locator('.text')).to_be_visible()
    expect(tab).to_have_title(re.compile('^minigpt'))
    tab.go_forward()
    expect(here(tab).locator('.strip')).to_be_visible()
    assert tab.evaluate('window.here')


def test_a_link_may_carry_a_state_to_an_open_page(tab):
    tab.go_back()
    tab.get_by_role('link', name='Seguir a conta desta continuação').click()
    expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('8')
    expect(tab).to_have_url(re.compile(r'inference\.html\?seed=8$'))


def test_language_changes_in_place_and_is_remembered(tab):
    prompt = here(tab).locator('textarea')
    prompt.fill('O gato')
    tab.get_by_role('button', name='English').click()
    expect(tab.get_by_role('button', name='Generate', exact=True)).to_be_visible()
    expect(tab.get_by_role('heading', level=1)).to_have_text('How a GPT chooses the next word')
    expect(tab.locator('html')).to_have_attribute('lang', 'en')
    expect(tab).to_have_title(re.compile('^Inference'))
    expect(prompt).to_have_value('O gato')
    tab.reload()
    expect(tab.locator('html')).to_have_attribute('lang', 'en')


def test_theme_is_remembered(tab):
    tab.get_by_role('button', name='Use the dark theme').click()
    tab.reload()
    expect(tab.locator('html')).to_have_attribute('data-theme', 'dark')
    assert tab.evaluate('getComputedStyle(document.documentElement).backgroundColor') == (
        'rgb(20, 24, 31)')


def test_until_one_chooses_the_browser_s_language_and_theme_hold(browser, site):
    with watched(browser, locale='fr-FR', color_scheme='dark') as tab:
        tab.goto(site)
        expect(tab.locator('html')).to_have_attribute('lang', 'en')
        expect(tab.locator('html')).to_have_attribute('data-theme', 'dark')


def test_it_works_under_a_strict_content_security_policy(browser, dist):
    with (served(dist, **{'Content-Security-Policy': POLICY}) as root,
          watched(browser) as tab):
        tab.goto(root)
        wait_live(tab)
        tab.get_by_role('button', name='Outra continuação').click()
        expect(here(tab).locator('ul.facts')).to_contain_text('semente 8')


def test_a_copied_link_opens_the_same_text_also_at_the_root_of_a_host(browser, dist):
    query = {'prompt': 'O gato preto', 't': '1.10', 'k': 'off', 'p': '0.80', 'seed': '21', 'n': '50',
             'picks': '2.300'}
    native = Inference(query=query)
    native.work.stop()
    while len(native.text.written) < 50 and not native.ended:
        native.text.step(native.sampling)
    with served(dist) as root, watched(browser) as tab:
        tab.goto(f'{root}inference.html?' + '&'.join(f'{k}={v}' for k, v in query.items()))
        wait_live(tab)
        expect(here(tab).locator('.strip .token:not(.pending)')).to_have_text(
            [visible(i) for i in native.text.ids], timeout=60_000)
        expect(here(tab).locator('.strip .picked')).to_have_count(1)
