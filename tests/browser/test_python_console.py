"""The Python console in the browser: one visit with shared memory, and a word where there is none."""

import pytest
from accessible import violations
from chromium import fits, served, wait_live, watched
from playwright.sync_api import expect

from minigpt.lab import shipped_lab

ISOLATED = {'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp'}
WAIT = 60_000


@pytest.fixture(scope='module')
def tab(browser, dist):
    with served(dist, **ISOLATED) as root, watched(browser) as tab:
        tab.goto(f'{root}inference.html')
        wait_live(tab)
        tab.keyboard.press('F2')
        expect(code(tab)).to_be_focused(timeout=WAIT)
        yield tab


def code(tab):
    return tab.locator('#console textarea')


def last(tab):
    return tab.locator('#console article').last


def enter(tab, source: str):
    """Run it, and wait for its end."""
    count = tab.locator('#console article').count()
    code(tab).fill(source)
    code(tab).press('Enter')
    expect(tab.locator('#console article')).to_have_count(count + 1)
    expect(last(tab)).to_have_attribute('aria-busy', 'false', timeout=WAIT)
    return last(tab).locator('.parts')


def test_it_answers_on_the_lab_and_the_page_that_is_shown(tab):
    assert enter(tab, "tok.encode('ção')").text_content() == (
        f"{shipped_lab().tokenizer.encode('ção')}\n")
    enter(tab, 'page.temperature = 0')
    expect(tab.get_by_role('textbox', name='Temperatura', exact=True)).to_have_value('0')
    expect(code(tab)).to_be_focused()


def test_a_block_is_typed_line_by_line(tab):
    code(tab).press_sequentially('for i in range(3):')
    code(tab).press('Enter')
    expect(code(tab)).to_have_value('for i in range(3):\n    ')
    code(tab).press_sequentially('i * i')
    code(tab).press('Enter')
    expect(code(tab)).to_have_value('for i in range(3):\n    i * i\n    ')
    code(tab).press('Enter')  # an empty line ends the block
    expect(last(tab).locator('.parts')).to_have_text('0\n1\n4\n')
    expect(code(tab)).to_have_value('')


def test_tab_completes_and_lets_go_after_escape(tab):
    code(tab).fill('model.n_par')
    code(tab).press('Tab')
    expect(code(tab)).to_have_value('model.n_params')
    code(tab).fill('model.')
    code(tab).press('Tab')
    expect(tab.get_by_role('option', name='model.config')).to_be_visible()
    code(tab).press('ArrowDown')
    code(tab).press('Escape')
    expect(tab.locator('#names')).to_be_hidden()
    code(tab).press('Escape')
    code(tab).press('Tab')
    expect(tab.get_by_role('button', name='Executar')).to_be_focused()


def test_history_comes_back_with_the_arrow(tab):
    enter(tab, '6 * 7')
    code(tab).press('ArrowUp')
    expect(code(tab)).to_have_value('6 * 7')
    code(tab).press('ArrowUp')
    expect(code(tab)).to_have_value('for i in range(3):\n    i * i\n    ')
    code(tab).press('ArrowDown')  # to its end, where the next one leads on
    code(tab).press('ArrowDown')
    expect(code(tab)).to_have_value('')


def test_a_chart_and_markup(tab):
    enter(tab, 'plot([1, 4, 2], title="Três")')
    expect(tab.locator('#console').get_by_role('heading', name='Três')).to_be_visible()
    text = '<img src=x onerror=alert(1)>'
    assert enter(tab, f"print('{text}')").text_content() == f'{text}\n'
    expect(last(tab)).to_be_in_viewport(ratio=1)  # below the chart that has just grown


def test_what_computes_without_end_is_stopped(tab):
    code(tab).fill("print('indo')\nwhile True:\n    pass\n")
    code(tab).press('Enter')
    expect(last(tab)).to_contain_text('indo', timeout=WAIT)
    tab.get_by_role('button', name='Parar').locator('visible=true').last.click()
    expect(last(tab)).to_have_attribute('aria-busy', 'false', timeout=WAIT)
    assert last(tab).locator('.parts').text_content() == 'indo\nParado.'


def test_micropip_installs_what_came_with_the_site_and_asks_nobody_else(tab):
    source = "import micropip\nawait micropip.install('tabulate')\nimport tabulate\ntabulate.__version__"
    assert enter(tab, source).text_content().startswith("'0.")
    for name in ('sympy', 'nada-disso', 'https://example.invalid/a-1-py3-none-any.whl'):
        said = enter(tab, f"await micropip.install('{name}')").text_content()
        assert 'não veio com o site' in said and 'tabulate' in said and 'Traceback' not in said


def test_it_stays_from_page_to_page_and_speaks_the_language(tab):
    enter(tab, 'a = 5')
    tab.locator('#nav a[data-page=chunking]').click()
    wait_live(tab)
    assert enter(tab, 'a, page.section').text_content() == "(5, 'chunking')\n"
    tab.get_by_role('button', name='English').click()
    expect(tab.get_by_role('button', name='Run', exact=True)).to_be_visible()
    tab.get_by_role('button', name='Português').click()


def test_it_is_accessible_and_fits_a_phone(tab, axe):
    tab.set_viewport_size({'width': 390, 'height': 844})
    expect(code(tab)).to_be_visible()
    fits(tab)
    assert violations(tab, axe, '#console', tags=None) == []
    code(tab).focus()
    tab.keyboard.press('F2')
    expect(tab.locator('#console')).to_be_hidden()
    before = tab.locator('section:not([hidden])').get_by_role('slider').first
    before.focus()
    tab.keyboard.press('F2')
    expect(code(tab)).to_be_focused()
    for _ in range(2):
        code(tab).press('Escape')
    expect(tab.locator('#console')).to_be_hidden()
    expect(before).to_be_focused()
    tab.get_by_role('button', name='Console Python').click()
    expect(code(tab)).to_be_visible()


def test_without_shared_memory_stop_says_so_and_python_can_be_restarted(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}chunking.html')
        wait_live(tab)
        tab.keyboard.press('F2')
        expect(code(tab)).to_be_focused(timeout=WAIT)
        code(tab).fill('while True:\n    pass\n')
        code(tab).press('Enter')
        tab.get_by_role('button', name='Parar').locator('visible=true').last.click()
        tab.get_by_role('button', name='Reiniciar o Python').click(timeout=WAIT)
        wait_live(tab)
        assert enter(tab, '1 + 1').text_content() == '2\n'
