"""Markup and a megabyte, on every page: one visit, in which nothing but text may come of it.

`watched` fails the visit for a line of error on the console or a request to another host.
"""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from chromium import wait_live, watched
from playwright.sync_api import expect

PAGES = [row['name'] for row in json.loads(
    (Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))]
CALL = 'ran=1'
TAGS = ('script', 'img src=x onerror', 'svg onload', 'body onload', 'iframe src', 'object data',
        'embed src', 'video src=x onerror', 'audio src=x onerror', 'details open ontoggle',
        'input autofocus onfocus', 'select autofocus onfocus', 'marquee onstart', 'math href',
        'a href', 'form action', 'button formaction', 'link rel=stylesheet href', 'base href',
        'meta http-equiv=refresh content', 'style onload', 'textarea autofocus onfocus',
        'template shadowrootmode', 'noscript', 'xmp')
PAYLOADS = [
    *(f'<{tag}="javascript:{CALL}">{CALL}</{tag.split()[0]}>' for tag in TAGS),
    f'<script>{CALL}</script>', f'"><script>{CALL}</script>', f"'><img src=x onerror={CALL}>",
    f'</textarea><script>{CALL}</script>', f'</title><svg/onload={CALL}>',
    f'<!--><img src=x onerror={CALL}>',
    f'<![CDATA[<script>{CALL}</script>]]>', f'javascript:{CALL}',
    f'data:text/html,<script>{CALL}</script>',
    f'[a](javascript:{CALL})', '![a](http://example.invalid/a.png)',
    '<img src=//example.invalid/a.png>',
    '{{7*7}}', '${7*7}', '#{7*7}', '<%= 7*7 %>', '{0}{name}', '%s%(x)s',
    '$&$1', '\\u003cscript\\u003e',
    '&lt;b&gt;&#60;b&#62;', '\u202eotxet\u202c \u2066a\u2069', '<|endoftext|>',
    "';--", '"]}', '</span></div></section>', '\x01\x1b[31m', '<b>a<b']
MARKUP = '\n'.join(PAYLOADS)  # fits into a link
KEYS = {'index': ['seed'], 'tokenizer': ['text', 'word', 'search', 'merges'],
        'attention': ['text', 'q', 'forced'],
        'embeddings': ['w', 'b', 's1', 's2', 'an0', 'an3', 'drawing'],
        'transformer': ['text', 'off', 'part'], 'model': ['text', 'at', 'cell', 'plan', 'edit'],
        'model': ['text', 'at', 'cell', 'plan', 'edit'],
        'training': ['text', 'prompt', 'lr', 'n'],
        'inference': ['prompt', 'picks', 'tree', 'open', 'prompts'],
        'chunking': ['text', 'strategy', 'with'], 'sample': ['text', 'q', 'a', 'strategy'],
        'lessons': ['lesson', 'step']}
# Pages where the reader's text can be given without opening anything first.
READERS = ('index', 'tokenizer', 'embeddings', 'attention', 'transformer', 'model', 'training',
           'chunking', 'sample', 'lessons')
WAIT = 60_000
MEGABYTE = 'Uma frase qualquer, nem longa nem curta. ' * 25_000
# Whether some text of the page, in a component's shadow tree or a text box too, has this in it.
SHOWS = """wanted => {
  const shows = root => root.textContent?.includes(wanted) || [...root.querySelectorAll('*')].some(
    it => it.value?.includes?.(wanted) || it.shadowRoot && shows(it.shadowRoot))
  return shows(document.querySelector('main'))
}"""


@pytest.fixture(scope='module')
def tab(browser, site):
    assert len(PAYLOADS) >= 50 and len(MARKUP) <= 2000
    with watched(browser) as tab:
        tab.goto(site)
        yield wait_live(tab)


def go(tab, name):
    """To another page of the same visit."""
    tab.locator(f'#nav a[data-page={name}]').click()
    expect(tab.locator('html')).to_have_attribute('data-page', name)
    wait_live(tab)


def own_text(tab):
    """The part of the present page that takes the reader's own text."""
    return tab.locator('details', has_text='Usar o meu texto').locator('visible=true')


def use(tab, content):
    """Make this the text of all pages."""
    own_text(tab).locator('summary').click()
    own_text(tab).get_by_label('Seu texto', exact=True).fill(content)
    own_text(tab).get_by_role('button', name='Usar este texto').click()
    expect(own_text(tab).locator('#in-use')).to_contain_text(counted(content), timeout=WAIT)


def counted(content) -> str:
    return f'{len(content):,}'.replace(',', '.')


def nothing_ran(tab):
    assert tab.evaluate('window.ran') is None
    assert len(tab.context.pages) == 1


def follow(tab, name):
    """Follow a link to a page, all of whose texts and choices are markup."""
    query = urlencode(dict.fromkeys(KEYS[name], MARKUP))
    tab.evaluate("""([page, href]) => {
      const link = Object.assign(document.createElement('a'), { href })
      link.dataset.page = page
      document.body.append(link)
      link.click()
      link.remove()
    }""", [name, f'{"./" if name == "index" else name + ".html"}?{query}'])
    expect(tab.locator('html')).to_have_attribute('data-page', name)
    wait_live(tab)


def shows_markup(tab):
    for payload in PAYLOADS[0], PAYLOADS[-1]:
        tab.wait_for_function(SHOWS, arg=payload, timeout=WAIT)


@pytest.mark.parametrize('name', PAGES)
def test_markup_in_a_link_is_text(tab, name):
    follow(tab, name)
    if name not in ('index', 'lessons'):  # whose links carry no text
        shows_markup(tab)
    nothing_ran(tab)


def test_markup_in_the_address_is_text_from_the_start(tab):
    go(tab, 'inference')
    tab.reload()
    wait_live(tab)
    shows_markup(tab)
    nothing_ran(tab)


def test_markup_as_one_s_own_text_is_text_on_every_page(tab):
    go(tab, 'chunking')
    use(tab, MARKUP)
    for name in PAGES:
        go(tab, name)
        if name in READERS:
            expect(own_text(tab).locator('#in-use')).to_contain_text(counted(MARKUP))
        nothing_ran(tab)


def test_a_box_that_is_left_has_no_caret_until_one_comes_back(tab):
    go(tab, 'inference')
    box = tab.locator('section[data-page=inference] textarea#text').first
    box.fill('Era uma vez')
    box.press('Home')
    box.press('ArrowRight')
    box.press('Tab')
    expect(box).not_to_be_focused()
    assert tab.evaluate('getSelection().type') == 'None'
    box.focus()
    box.press('x')
    expect(box).to_have_value('Exra uma vez')


def test_a_megabyte_is_taken_by_every_page(tab):
    go(tab, 'sample')
    use(tab, MEGABYTE)
    for name in PAGES:
        go(tab, name)
        if name in READERS:
            expect(own_text(tab).locator('#in-use')).to_contain_text(
                counted(MEGABYTE), timeout=WAIT)
    go(tab, 'index')
    expect(tab.locator('section[data-page=index] .view')).to_contain_text(
        counted(MEGABYTE), timeout=WAIT)
    go(tab, 'sample')
    own_text(tab).get_by_role('button', name='Voltar ao corpus do minigpt').click()
    expect(own_text(tab).locator('#in-use')).not_to_contain_text(counted(MEGABYTE), timeout=WAIT)
