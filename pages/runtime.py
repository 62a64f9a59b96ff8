"""The pages inside the browser's worker: opens them and carries their documents to the screen.

The only module that touches `js`, `pyodide` and Panel's private worker protocol (`panel.io.
pyodide`). `site/assets/worker.mjs` calls its functions; nothing else imports it.
"""

import functools
import importlib
import json
import os

import js
import pyodide.code
import pyodide.ffi

os.environ['PANEL_CDN_ROOT'] = 'panel/'  # relative to the page: Panel's stylesheets are ours
# Panel evaluates the source of one small converter at its import; a strict Content-Security-Policy
# forbids that, so worker.mjs has the converter ready.
pyodide.code.run_js = lambda source: js.objectFromEntries

from bokeh.document import Document  # noqa: E402
from bokeh.events import DocumentReady  # noqa: E402
from panel.io.pyodide import (  # noqa: E402
    _convert_json_patch, _doc_json, _process_document_events)
from panel.io.state import set_curdoc, state  # noqa: E402

from pages.page import Page  # noqa: E402

_pages: dict[str, tuple[Page, Document]] = {}


def open_page(name: str, viewer: str, lang: str, query) -> list[str]:
    """Build a page, or take the one that is open: its document, render items and root ids as JSON.

    `viewer` is `module:Class`; `query` a JS object of strings, the state in the link.
    """
    if name not in _pages:
        module, _, kind = viewer.partition(':')
        page, document = getattr(importlib.import_module(module), kind), Document()
        with set_curdoc(document):
            page = page(lang=lang, query=query.to_py())
            page.__panel__().server_doc(document)
        _pages[name] = page, document
    return list(_doc_json(_pages[name][1]))


def link_page(name: str, send_patch, send_query, send_failure) -> None:
    """Once the page is on the screen: send its changes from now on, and let it start.

    `send_patch` gets a Bokeh patch as JSON and its buffers, `send_query` an object of strings,
    `send_failure` the traceback of long work that broke.
    """
    page, document = _pages[name]

    def changed(event) -> None:
        if getattr(event, 'setter', None) != 'js':
            patch, buffers = _process_document_events(document, [event])
            send_patch(json.dumps(patch), pyodide.ffi.to_js(buffers, dict_converter=js.Map.new))

    with set_curdoc(document):
        document.on_change(changed)
        document.unhold()
        document.on_event('document_ready', functools.partial(state._schedule_on_load, document))
        document.callbacks.trigger_event(DocumentReady())
        page.param.watch(lambda event: send_query(pyodide.ffi.to_js(
            event.new, dict_converter=js.Object.fromEntries)), 'query')
        page.param.watch(lambda event: send_failure(event.new), 'failure')
        page.start()


def restore_page(name: str, query) -> None:
    """A link asked for this state of an open page."""
    page, document = _pages[name]
    with set_curdoc(document):
        page.reopen(query.to_py())


def apply_patch(name: str, patch) -> None:
    """Do in Python what the reader did on the screen."""
    document = _pages[name][1]
    with set_curdoc(document):
        document.apply_json_patch(_convert_json_patch(patch), setter='js')


def set_language(lang: str) -> None:
    """Let every open page speak `lang`."""
    for page, document in _pages.values():
        with set_curdoc(document):
            page.lang = lang
