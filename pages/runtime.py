"""The pages inside the browser's worker: opens them and carries their documents to the screen.

The only module that touches `js`, `pyodide` and Panel's private worker protocol (`panel.io.
pyodide`). `site/assets/worker.mjs` calls its functions; nothing else imports it.
"""

import asyncio
import contextlib
import functools
import importlib
import json
import os

import js
import pyodide.code
import pyodide.ffi

os.environ['PANEL_CDN_ROOT'] = 'panel/'  # relative to the page: Panel's stylesheets are ours
# Else Bokeh looks for names like a missing attribute's, some 30 times a paint.
os.environ['BOKEH_PERFORM_ERROR_DIAGNOSTICS'] = 'no'
# Panel evaluates the source of one small converter at its import; a strict Content-Security-Policy
# forbids that, so worker.mjs has the converter ready.
pyodide.code.run_js = lambda source: js.objectFromEntries

from bokeh.document import Document  # noqa: E402
from bokeh.events import DocumentReady  # noqa: E402
from panel.io.pyodide import (  # noqa: E402
    _convert_json_patch, _doc_json, _process_document_events)
from panel.io.state import set_curdoc, state  # noqa: E402

from minigpt import backend  # noqa: E402
from minigpt.backend import side_module, threads, two_threads  # noqa: E402
from minigpt.backend.absent import Absent  # noqa: E402
from minigpt.backend.dispatch import found, why_not  # noqa: E402
from minigpt.errors import CheckpointError, ConfigError  # noqa: E402
from minigpt.lab import Lab  # noqa: E402
from pages import lab  # noqa: E402
from pages.console.console import Console  # noqa: E402
from pages.locale import LANGUAGES  # noqa: E402
from pages.page import Page  # noqa: E402

PATIENCE = 0.3  # seconds without another change before the lab is saved

_pages: dict[str, tuple[Page | Console, Document]] = {}


def restore_lab(settings: str, file) -> bool:
    """Go on with the lab that this browser kept: the reader's settings as JSON, and the file (a
    JS Uint8Array) unless it was the shipped one. False where the file can no longer be read.
    """
    readable = True
    if file:
        try:
            lab.replace(Lab.from_bytes(file.to_py().tobytes()))
        except CheckpointError:
            readable = False
    if settings:
        lab.change(settings=json.loads(settings))
    return readable


def save_lab(save) -> None:
    """From now on keep the lab in the browser: `save(settings, file)` after each change, with
    file null for the shipped lab and undefined where it did not change.
    """
    different, timer = set(), None

    def write() -> None:
        present = lab.kept()
        file = pyodide.ffi.to_js(None)
        if different - {'settings'}:
            file = (pyodide.ffi.jsnull if lab.is_shipped()
                    else pyodide.ffi.to_js(present.to_bytes()))
        different.clear()
        save(json.dumps(present.settings), file)

    def changed(_, names: set[str]) -> None:
        nonlocal timer
        different.update(names - {'moment'})
        if not different:
            return
        if timer:
            timer.cancel()
        timer = asyncio.get_event_loop().call_later(PATIENCE, write)

    lab.watch(changed)


def use_backend(name: str) -> str:
    """Compute with this backend, or with the best there is where it is not here; JSON for the
    message `computes`.
    """
    try:
        backend.use(name)
    except ConfigError:
        backend.use('auto')

    def choice(name: str) -> dict:
        why = why_not(name)
        return {'name': name, 'here': not isinstance(found(name), Absent),
                'why': why and {lang: why.in_language(lang) for lang in LANGUAGES}}

    return json.dumps({'asked': backend.asked(), 'computes': backend.current(),
                       'build': side_module.build() if backend.current() == 'simd' else '',
                       'threads': 2 if two_threads.in_use() else threads.workers(),
                       'choices': [choice(name) for name in backend.names()]})


def prepare_console(listen, files) -> None:
    """`listen(on)`: let the reader's Stop interrupt Python from now on, or no more. `files`: the
    site's, a JS array of names.
    """
    @contextlib.contextmanager
    def interruptible():
        listen(True)
        try:
            yield
        finally:
            listen(False)

    Console.interruptible = staticmethod(interruptible)
    Console.bundled = tuple(sorted(name.rpartition('/')[2].partition('-')[0] for name in files
                                   if name.endswith('.whl')))


def open_page(name: str, viewer: str, lang: str, theme: str, query) -> list[str]:
    """Build a page, or take the one that is open: its document, render items and root ids as JSON.

    `viewer` is `module:Class`; `query` a JS object of strings, the state in the link.
    """
    if name not in _pages:
        module, _, kind = viewer.partition(':')
        page, document = getattr(importlib.import_module(module), kind), Document()
        with set_curdoc(document):
            page = page(lang=lang, query=query.to_py())
            page.theme, page.hidden = theme, True
            page.__panel__().server_doc(document)
        _pages[name] = page, document
    return list(_doc_json(_pages[name][1]))


def link_page(name: str, send_patch, send_query, send_failure) -> None:
    """Once the page's document is drawn: send its changes from now on.

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


def show_page(name: str) -> None:
    """The reader sees this page now, and no other."""
    for other, (page, document) in _pages.items():
        if other == name:
            with set_curdoc(document):
                page.show()
        else:
            page.hidden = True


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


def set_for_all(name: str, value: str) -> None:
    """Let every open page speak another language (`lang`) or wear another `theme`."""
    for page, document in _pages.values():
        with set_curdoc(document):
            setattr(page, name, value)
