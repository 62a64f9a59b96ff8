"""A boot that fails says what is wrong and can be tried again.

Without its snapshot Python starts from its parts: then python.zip matters, too.
"""

import pytest
from chromium import first_held, wait_live, watched
from playwright.sync_api import expect

NOISE = ('Failed to load resource', 'net::ERR')


def failing(tab):
    tab.wait_for_selector('html[data-state=error]', state='attached', timeout=60_000)
    return tab.locator('.boot-error')


def without_snapshot(tab):
    tab.route('**/snapshot.bin', lambda route: route.abort())


@pytest.mark.parametrize('name, answer, sentence', [
    ('python.zip', lambda route: route.abort(), 'Não consegui baixar python.zip'),
    ('python.zip', lambda route: route.fulfill(status=404), 'não entregou python.zip'),
    ('python.zip', lambda route: route.fulfill(body=b'PK'), 'python.zip chegou incompleto'),
    ('pyodide/pyodide.asm.wasm', lambda route: route.fulfill(status=404),
     'não entregou pyodide/pyodide.asm.wasm'),
    ('build.json', lambda route: route.fulfill(body='{'), 'build.json chegou incompleto'),
    ('bokeh/drawing.js', lambda route: route.abort(), 'não carregou bokeh/drawing.js'),
])
def test_a_file_that_does_not_come_is_named(browser, site, name, answer, sentence):
    with watched(browser, allowed=NOISE) as tab:
        without_snapshot(tab)
        tab.route(f'**/{name}', answer)
        tab.goto(site)
        expect(failing(tab)).to_contain_text(sentence)
        expect(tab.get_by_role('button', name='Tentar de novo')).to_be_focused()


def test_one_flipped_byte_is_noticed(browser, site, dist):
    data = bytearray((dist / 'python.zip').read_bytes())
    data[len(data) // 2] ^= 1
    with watched(browser, allowed=NOISE) as tab:
        without_snapshot(tab)
        tab.route('**/python.zip', lambda route: route.fulfill(body=bytes(data)))
        tab.goto(site)
        expect(failing(tab)).to_contain_text('python.zip chegou incompleto ou alterado')


def test_retry_restarts_python_and_goes_live(browser, site):
    with watched(browser, allowed=NOISE) as tab:
        tab.route('**/build.json', lambda route: route.abort(), times=1)
        tab.goto(f'{site}inference.html?seed=9')
        failing(tab)
        tab.get_by_role('button', name='English').click()
        expect(tab.locator('.boot-error')).to_contain_text('could not be downloaded')
        tab.get_by_role('button', name='Try again').click()
        wait_live(tab)
        expect(tab.locator('#boot')).to_be_hidden()
        expect(tab.get_by_role('textbox', name='Seed', exact=True)).to_have_value('9')


def test_what_breaks_on_a_live_page_is_said_and_can_be_retried(browser, site):
    with watched(browser, allowed=('planted',)) as tab:
        tab.goto(f'{site}inference.html?seed=12')
        wait_live(tab)
        tab.workers[0].evaluate("setTimeout(() => { throw new Error('planted') })")
        expect(failing(tab)).to_contain_text('O navegador encerrou o processo')
        expect(tab.get_by_role('heading', name='Algo deu errado nesta página')).to_be_in_viewport()
        tab.get_by_role('button', name='Tentar de novo').click()
        wait_live(tab)
        expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('12')


def test_the_indicator_counts_bytes_and_names_steps(browser, site):
    with watched(browser, allowed=NOISE) as tab:
        held = []
        without_snapshot(tab)
        tab.route('**/python.zip', lambda route: held.append(route))
        tab.goto(site)
        expect(tab.locator('.boot-bytes')).to_contain_text('MB')
        expect(tab.locator('.boot-now')).to_have_text('Baixando o Python e o modelo')
        expect(tab.locator('.boot-steps li')).to_have_count(5)
        expect(tab.get_by_role('heading', level=1)).to_be_visible()  # something to read meanwhile
        first_held(tab, held).abort()
        failing(tab)
