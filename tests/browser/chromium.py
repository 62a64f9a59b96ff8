"""A static host, a real Chromium and its tabs.

Every tab is watched: an error on the console, an uncaught exception or a request to another origin
fails the test that had it open.
"""

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

FLAGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync']
BOOT = 120_000  # ms; Python's boot takes seconds, and machines differ
# Frame by frame: what is there for a moment only may be missed from outside the page.
CATCH = """async (page, selector, text, press) => {
  const within = root => [...root.querySelectorAll('*')].flatMap(
    it => [it, ...(it.shadowRoot ? within(it.shadowRoot) : [])])
  for (const end = performance.now() + 60_000; performance.now() < end;) {
    const it = within(page).find(it => it.matches(selector) && it.textContent.includes(text))
    if (it && press) it.click()
    if (it) return true
    await new Promise(requestAnimationFrame)
  }
  return false
}"""


class Files(http.server.SimpleHTTPRequestHandler):
    """A plain static host, with the given headers on each answer."""
    headers_added: dict[str, str] = {}
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        '.mjs': 'text/javascript', '.wasm': 'application/wasm'}

    def end_headers(self):
        for name, value in self.headers_added.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def served(folder: Path, host: type[Files] = Files, **headers: str) -> Iterator[str]:
    """Serve a folder on a free port; the address ends with a slash."""
    kind = type('FilesWithHeaders', (host,), {'headers_added': headers})
    handler = functools.partial(kind, directory=str(folder))
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{server.server_port}/'
        server.shutdown()


@contextlib.contextmanager
def watched(browser: Browser, allowed: tuple[str, ...] = (), **context) -> Iterator[Page]:
    """A tab that must stay free of errors, but for console lines that contain one of `allowed`.

    It keeps no site for use offline unless `service_workers='allow'`.
    """
    context = browser.new_context(**({'locale': 'pt-BR', 'color_scheme': 'light',
                                      'viewport': {'width': 1440, 'height': 900},
                                      'service_workers': 'block'} | context))
    tab, wrong = context.new_page(), []

    def heard(message):
        if message.type == 'error' and not any(text in message.text for text in allowed):
            wrong.append(f'console: {message.text}')

    context.on('console', heard)
    context.on('weberror', lambda error: wrong.append(f'exception: {error.error}'))
    context.on('request', lambda request: request.url.startswith(
        ('http://127.0.0.1:', 'data:', 'blob:')) or wrong.append(f'foreign: {request.url}'))
    try:
        yield tab
    finally:
        context.close()
    if wrong:
        pytest.fail('\n'.join(wrong))


def wait_live(tab: Page) -> Page:
    """Wait until the page is live; fail at once, with the page's own words, when it is not."""
    tab.wait_for_selector('html[data-state=live], html[data-state=error]', state='attached',
                          timeout=BOOT)
    if tab.get_attribute('html', 'data-state') != 'live':
        details = tab.locator('.boot-details pre').text_content()
        pytest.fail(f'{tab.locator("#boot").inner_text()}\n{details}')
    return tab


def fits(tab: Page) -> None:
    """Wait until nothing stands out of the screen's width, which charts follow a moment later."""
    tab.wait_for_function('document.documentElement.scrollWidth <= innerWidth')


def here(tab: Page) -> Locator:
    """The page on the screen. The others are drawn behind it while it is read, at any moment: a
    locator over the whole tab may find their elements, too."""
    return tab.locator('section.page:not([hidden])')


@contextlib.contextmanager
def caught(tab: Page, selector: str, text: str = '', press: bool = False) -> Iterator[None]:
    """What the body sets going makes such an element, if only for a moment; `press`: click it then.
    """
    catching = here(tab).evaluate_handle(
        f'(page, what) => ({{ found: ({CATCH})(page, ...what) }})', [selector, text, press])
    yield
    assert catching.evaluate('async it => await it.found'), f'no {selector} with “{text}” came'


def first_held(tab: Page, held: list):
    """The first request that a route of the tab put aside in `held`, once it has come."""
    for _ in range(BOOT // 20):
        if held:
            return held[0]
        tab.wait_for_timeout(20)
    pytest.fail('nothing was asked for')
