"""A component alone in Chromium, without Python behind it: what it draws and what it would send."""

import contextlib
import json
from collections.abc import Callable, Iterator

from bokeh.document import Document
from chromium import watched
from panel.config import config
from panel.io.state import set_curdoc
from panel.theme.base import Design
from playwright.sync_api import Page

from pages.opened import patch_of

config.design = Design  # as in pages/opened.py

HTML = """<!doctype html><html lang="pt-BR" data-theme="light"><head><base href="{site}">
<meta charset="utf-8"><title>alone</title><link rel="stylesheet" href="assets/theme.css">
<link rel="stylesheet" href="assets/site.css"></head>
<body><main><h1>alone</h1><h2>component</h2><div id="view"></div></main>
<script type="application/json" id="json">{view}</script>
<script type="module">
import {{ PageDocument, loadPlots }} from '{site}assets/documents.mjs'
await loadPlots()
const json = JSON.parse(document.getElementById('json').textContent)
window.sent = []
const shown = window.shown = new PageDocument(patch => {{
  for (const event of patch.events) {{
    if (event.kind === 'MessageSent') sent.push(JSON.parse(JSON.stringify(event.msg_data)))
  }}
  queueMicrotask(() => shown.idle())
}})
await shown.render(document.getElementById('view'), json)
shown.idle()
document.documentElement.dataset.state = 'drawn'
</script></body></html>"""


@contextlib.contextmanager
def alone(browser, site: str, viewable, **context) -> Iterator[Page]:
    """A tab that shows the viewable; `messages(tab)` are those it sent to Python so far."""
    document = Document()
    with set_curdoc(document):
        viewable.server_doc(document)
    # Panel's stylesheets lie in the site under the paths that they have on its CDN.
    view = json.dumps(document.to_json(deferred=False))
    html = HTML.format(site=site, view=view.replace('https://cdn.holoviz.org/', site)
                       .replace('</', '<\\/'))
    with watched(browser, **context) as tab:
        tab.route('**/alone.html', lambda route: route.fulfill(body=html, content_type='text/html'))
        tab.goto(f'{site}alone.html')
        tab.wait_for_selector('html[data-state=drawn]', state='attached')
        yield tab


def change(tab: Page, viewable, act: Callable[[], object]) -> None:
    """Let `act` change the viewable in Python; what that sends reaches the tab as one patch."""
    document, events = next(iter(viewable._documents)), []
    document.on_change(events.append)
    with set_curdoc(document):
        act()
    document.remove_on_change(events.append)
    patch, _ = patch_of(document, events, deferred=False)
    tab.evaluate('patch => shown.apply(patch, [])', patch)


def messages(tab: Page) -> list[dict]:
    """What components sent with `send_msg`, in order."""
    return [_plain(it['values'])['data'] for it in tab.evaluate('sent')
            if it['name'] == 'data_event']


def next_message(tab: Page, before: int) -> dict:
    """The message that makes them more than `before`."""
    tab.wait_for_function("count => sent.filter(it => it.name === 'data_event').length > count",
                          arg=before)
    return messages(tab)[-1]


def _plain(value):
    """Bokeh's maps as dictionaries."""
    if isinstance(value, dict) and value.get('type') == 'map':
        return {key: _plain(it) for key, it in value.get('entries', [])}
    return value
