"""The pages inside the browser's worker: carries their documents to the screen (opened.py).

The only module that touches `js`, `pyodide` and Panel's private worker protocol (`panel.io.
pyodide`). `site/assets/worker.mjs` calls its functions; nothing else imports it.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import os
import random
import sys
from dataclasses import replace
from types import SimpleNamespace

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
# Panel imports the standard library's tests to know a mock when it sees one; there are none here.
sys.modules['unittest'] = SimpleNamespace(mock=SimpleNamespace(Mock=type('Mock', (), {})))
sys.modules['unittest.mock'] = sys.modules['unittest'].mock

from panel.io.pyodide import _convert_json_patch  # noqa: E402

del sys.modules['unittest'], sys.modules['unittest.mock']

from minigpt import backend  # noqa: E402
from minigpt.errors import CheckpointError  # noqa: E402
from minigpt.lab import Lab  # noqa: E402
from pages import asleep, computing, lab, no_manuals  # noqa: E402
from pages.console.console import Console  # noqa: E402
from pages.opened import OpenPage, OpenPages, patch_of  # noqa: E402
from pages.tabs import take_progress, what_it_is  # noqa: E402,F401

PATIENCE = 0.3  # seconds without another change before the lab is saved

_pages = OpenPages()
_unsaved: set[str] = set()  # fields of the lab that changed since it was saved
_taking = False             # the lab becomes what the browser keeps


def restore_lab(settings: str, file) -> bool:
    """Go on with the lab that this browser kept: the reader's settings as JSON, and the file (a
    JS Uint8Array) unless it was the shipped one. False where the file can no longer be read.
    """
    with _as_kept():
        if settings:
            lab.change(settings=json.loads(settings))
        try:
            if file:
                lab.replace(replace(Lab.from_bytes(file.to_py().tobytes()),
                                    settings=lab.kept().settings))
            elif not lab.is_shipped():
                lab.back_to_shipped()
        except CheckpointError:
            return False
    _unsaved.clear()
    return True


def save_lab(saving, save):
    """From now on keep the lab in the browser: `saving()` at each change, and `save(settings,
    file)` after the last of some, with file null for the shipped lab and undefined where it did
    not change. The function returned does it at once, all of it, as `save(…, instead)`.
    """
    timer = None

    def write(instead: bool = False) -> None:
        present = lab.kept()
        file = pyodide.ffi.to_js(None)
        if instead or _unsaved - {'settings'}:
            file = (pyodide.ffi.jsnull if lab.is_shipped()
                    else pyodide.ffi.to_js(present.to_bytes()))
        _unsaved.clear()
        save(json.dumps(present.settings), file, instead)

    def changed(_, names: set[str]) -> None:
        nonlocal timer
        if _taking or not names - {'moment'}:
            return
        _unsaved.update(names - {'moment'})
        if timer:
            timer.cancel()
        timer = asyncio.get_event_loop().call_later(PATIENCE, write)
        saving()

    lab.watch(changed)
    return write


@contextlib.contextmanager
def _as_kept():
    """What changes now is as the browser keeps it: nothing to be saved."""
    global _taking
    _taking = True
    try:
        yield
    finally:
        _taking = False


def use_backend(name: str) -> None:
    """Compute with this backend, or with the best there is where it is not here."""
    computing.use(name)


def watch_backend(tell) -> None:
    """`tell(computes())` whenever a device has failed and another backend goes on."""
    backend.watch(lambda: tell(computes()))


def computes() -> str:
    """Who computes, and who else could: JSON for the message `computes`."""
    return json.dumps(computing.now())


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


def _send_changes(send_patch):
    """Sends changes of a document as a Bokeh patch in JSON with its buffers."""
    def send(document, events: list) -> None:
        patch, found = patch_of(document, events, deferred=True)
        buffers = {it.id: pyodide.ffi.to_js(it.to_bytes()).buffer for it in found}
        send_patch(patch, pyodide.ffi.to_js(buffers, dict_converter=js.Map.new))

    return send


def open_page(name: str, viewer: str, lang: str, theme: str, query,
              drawn: bool) -> str | None:
    """See OpenPages.open; `query` is an object of strings."""
    return _pages.open(name, viewer, lang, theme, query.to_py(), drawn)


def link_page(name: str, send_patch, send_query, send_failure) -> None:
    """Once the page's document is drawn: send its changes from now on.

    `send_patch` gets a Bokeh patch as JSON and its buffers, `send_query` an object of strings and
    whether the reader made it so, `send_failure` the traceback of long work that broke.
    """
    def send_state(query: dict, own: bool) -> None:
        send_query(pyodide.ffi.to_js(query, dict_converter=js.Object.fromEntries), own)

    _pages.link(name, _send_changes(send_patch), send_state, lambda failure: send_failure(failure))


def show_page(name: str) -> None:
    """The reader sees this page now, and no other."""
    _pages.show(name)


def restore_page(name: str, query) -> None:
    """A link asked for this state of an open page."""
    _pages.restore(name, query.to_py())


def follow_page(name: str, changes) -> None:
    """Somebody else changed a part of the state: an object of strings, null for what is as at
    first.
    """
    _pages.follow(name, {key: value if isinstance(value, str) else None
                         for key, value in changes.to_py().items()})


def apply_patch(name: str, patch) -> None:
    """Do in Python what the reader did on the screen."""
    _pages.apply_patch(name, _convert_json_patch(patch))


def set_for_all(name: str, value: str) -> None:
    """Let every page speak another language (`lang`) or wear another `theme`."""
    _pages.set_for_all(name, value)


# For the snapshot that the site is built with: see py/sitebuild/make_snapshot.mjs

def drop_manuals() -> None:
    """See no_manuals: sooner than in `sleep`, so that the pages fill the gaps."""
    no_manuals.drop_all()


def build_page(name: str, viewer: str) -> None:
    """A page as it is at first, to be found open later."""
    _pages[name] = OpenPage(viewer, 'pt', 'light', {})


def views() -> str:
    """Every page's `view()` by name, as JSON."""
    found = {}
    for name, opened in _pages.items():
        found[name] = opened.view()
        opened.drawn_at_build = True
    return json.dumps(found)


def sleep() -> list[str]:
    """Make ready for the snapshot; the files whose code is loaded, which nobody reads again."""
    asleep.forget()
    # What the kernels multiplied last is in their workspace: zeros, so large that they fill it.
    backend.matmul(np.zeros((128, 256), np.float32), np.zeros((256, 512), np.float32))
    asleep.fold(lab.lab().model.flat)
    lab.lab().tokenizer.forget_words()
    no_manuals.drop_all()
    importlib.invalidate_caches()  # which keep the standard library's zip open
    gc.collect()
    gc.freeze()  # what is there stays: no collection need look at it again
    specs = [module.__spec__ for module in list(sys.modules.values())
             if getattr(module, '__spec__', None)]
    return [spec.cached or spec.origin for spec in specs if spec.cached or spec.origin]


def wake() -> None:
    """Go on from the snapshot, on another machine: what it can do is not known yet, and nothing
    random may come out as it did there.
    """
    asleep.unfold()
    backend.look_again()
    random.seed()
    np.random.seed()
