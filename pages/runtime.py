"""The pages inside the browser's worker: opens them and carries their documents to the screen.

The only module that touches `js`, `pyodide` and Panel's private worker protocol (`panel.io.
pyodide`). `site/assets/worker.mjs` calls its functions; nothing else imports it.
"""

import asyncio
import contextlib
import functools
import gc
import importlib
import json
import os
import random
import sys

import js
import numpy as np
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

PATIENCE = 0.3  # seconds without another change before the lab is saved

MANY_CHANGES = 500  # more than these cost more than to draw the page anew

_pages: dict[str, 'OpenPage'] = {}


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


class OpenPage:
    """A page with its document, on the screen or to be drawn there."""

    def __init__(self, viewer: str, lang: str, theme: str, query: dict[str, str]):
        """`viewer` is `module:Class`; `query` the state in the link."""
        module, _, kind = viewer.partition(':')
        self.document = Document()
        with set_curdoc(self.document):
            self.page = getattr(importlib.import_module(module), kind)(lang=lang, query=query)
            self.page.theme, self.page.hidden = theme, True
            self.page.__panel__().server_doc(self.document)
        # Panel forgets what changes before a document is "connected"; here nothing may be lost.
        state._connected[self.document] = state._loaded[self.document] = True
        self._send = None             # once it is linked
        self._since_drawn = []        # changes that the screen does not know yet
        self.drawn_at_build = False   # the site has a file with the document as it is, or was
        self.document.on_change(self._changed)

    def parts(self) -> list[str]:
        """The document, its render items and root ids, each as JSON: what the screen draws."""
        parts = list(_doc_json(self.document))
        self.document.models.flush_synced()
        self._since_drawn.clear()
        return parts

    @property
    def is_as_built(self) -> bool:
        """Whether the file that came with the site and the changes since make up the document."""
        return self.drawn_at_build and len(self._since_drawn) <= MANY_CHANGES

    def become(self, lang: str, theme: str, query: dict[str, str]) -> None:
        """What the constructor would have made of these."""
        with set_curdoc(self.document):
            self.page.catch_up()
            self.page.lang, self.page.theme = lang, theme
            if query:
                self.page.restore(query)
                self.page.relabel()

    def link(self, send_patch) -> None:
        """Send what changed since it was drawn, and from now on each change, as a Bokeh patch in
        JSON with its buffers.
        """
        self._send = send_patch
        changes, self._since_drawn, self.drawn_at_build = self._since_drawn, [], False
        if changes:
            self._send_changes(changes)

    def _changed(self, event) -> None:
        if getattr(event, 'setter', None) == 'js':
            return
        if self._send:
            self._send_changes([event])
        else:
            self._since_drawn.append(event)

    def _send_changes(self, events: list) -> None:
        patch, buffers = _process_document_events(self.document, events)
        self._send(json.dumps(patch), pyodide.ffi.to_js(buffers, dict_converter=js.Map.new))


def open_page(name: str, viewer: str, lang: str, theme: str, query, drawn: bool) -> list[str] | None:
    """Build a page, or take the one that is there: what the screen has to draw, or None where it
    has `drawn` the document that came with the site, which is only to be linked.
    """
    if name not in _pages:
        _pages[name] = OpenPage(viewer, lang, theme, query.to_py())
    else:
        _pages[name].become(lang, theme, query.to_py())
    opened = _pages[name]
    return None if drawn and opened.is_as_built else opened.parts()


def link_page(name: str, send_patch, send_query, send_failure) -> None:
    """Once the page's document is drawn: send its changes from now on.

    `send_patch` gets a Bokeh patch as JSON and its buffers, `send_query` an object of strings,
    `send_failure` the traceback of long work that broke.
    """
    opened = _pages[name]
    page, document = opened.page, opened.document
    with set_curdoc(document):
        opened.link(send_patch)
        document.unhold()
        document.on_event('document_ready', functools.partial(state._schedule_on_load, document))
        document.callbacks.trigger_event(DocumentReady())
        page.param.watch(lambda event: send_query(pyodide.ffi.to_js(
            event.new, dict_converter=js.Object.fromEntries)), 'query')
        page.param.watch(lambda event: send_failure(event.new), 'failure')


def show_page(name: str) -> None:
    """The reader sees this page now, and no other."""
    for other, opened in _pages.items():
        if other == name:
            with set_curdoc(opened.document):
                opened.page.show()
        else:
            opened.page.hidden = True


def restore_page(name: str, query) -> None:
    """A link asked for this state of an open page."""
    with set_curdoc(_pages[name].document):
        _pages[name].page.reopen(query.to_py())


def apply_patch(name: str, patch) -> None:
    """Do in Python what the reader did on the screen."""
    document = _pages[name].document
    with set_curdoc(document):
        document.apply_json_patch(_convert_json_patch(patch), setter='js')


def set_for_all(name: str, value: str) -> None:
    """Let every page speak another language (`lang`) or wear another `theme`."""
    for opened in _pages.values():
        with set_curdoc(opened.document):
            setattr(opened.page, name, value)


# For the snapshot that the site is built with: see py/sitebuild/make_snapshot.mjs

def build_page(name: str, viewer: str) -> None:
    """A page as it is at first, to be found open later."""
    _pages[name] = OpenPage(viewer, 'pt', 'light', {})


def views() -> str:
    """Every page's document for the screen: `parts()` by name, as JSON."""
    found = {}
    for name, opened in _pages.items():
        parts = opened.parts()
        found[name] = dict(zip(('document', 'items', 'roots'), map(json.loads, parts), strict=True))
        opened.drawn_at_build = True
    return json.dumps(found)


def sleep() -> list[str]:
    """Make ready for the snapshot; the files whose code is loaded, which nobody reads again."""
    gc.collect()
    specs = [module.__spec__ for module in list(sys.modules.values())
             if getattr(module, '__spec__', None)]
    return [spec.cached or spec.origin for spec in specs if spec.cached or spec.origin]


def wake() -> None:
    """Go on from the snapshot, on another machine: what it can do is not known yet, and nothing
    random may come out as it did there.
    """
    backend.look_again()
    random.seed()
    np.random.seed()
