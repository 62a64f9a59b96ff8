"""Open pages and what is done with them, whatever carries their documents to the screen: the
browser's worker (runtime.py) or a server (hosting/).
"""

import asyncio
import functools
import importlib
import json
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

from bokeh.core.json_encoder import serialize_json
from bokeh.core.serialization import Buffer, Serialized, Serializer
from bokeh.document import Document
from bokeh.document.json import PatchJson
from bokeh.events import DocumentReady
from panel.config import config
from panel.io.state import set_curdoc, state
from panel.theme.base import Design

SOON = 0.02         # seconds for which changes wait for others, to cross together
MANY_CHANGES = 500  # more than these cost more than to draw the page anew

SendChanges = Callable[[Document, list], None]


def patch_of(document: Document, events: list, *, deferred: bool) -> tuple[str, list[Buffer]]:
    """Changes of a document as a Bokeh patch in JSON, and the arrays that it names; where they are
    not `deferred`, they stand in the patch as base64."""
    serializer = Serializer(references=document.models.synced_references, deferred=deferred)
    patch = PatchJson(events=serializer.encode(events))
    document.models.flush_synced(lambda model: not serializer.has_ref(model))
    return serialize_json(patch), serializer.buffers


class OpenPage:
    """A page with its document, on the screen or to be drawn there."""

    def __init__(self, viewer: str, lang: str, theme: str, query: dict[str, str]):
        """`viewer` is `module:Class`; `query` the state in the link."""
        module, _, kind = viewer.partition(':')
        self.document = Document()
        with set_curdoc(self.document):
            config.design = Design  # no sheets of Panel's for each part: the site has its own look
            self.page = getattr(importlib.import_module(module), kind)(lang=lang, query=query)
            self.page.theme, self.page.hidden = theme, True
            self.page.send_painted = self.send_changes
            self.page.__panel__().server_doc(self.document)
        # Else Panel takes this thread for another than the document's, and puts changes off.
        state._thread_id_[self.document] = threading.get_ident()
        # Panel forgets what changes before a document is "connected"; here nothing may be lost.
        state._connected[self.document] = state._loaded[self.document] = True
        self._send: SendChanges | None = None  # once it is linked
        self._changes = []            # that the screen does not know yet
        self._since = 0.0             # when the first of them came
        self.drawn_at_build = False   # the site has a file with the document as it is, or was
        self.is_own = False           # the reader, on this page, made its state what it is
        self.document.on_change(self._changed)

    def view(self) -> str:
        """The document as JSON: what the screen draws."""
        view = json.dumps(self.document.to_json(deferred=False))
        self.document.models.flush_synced()
        self._changes.clear()
        return view

    @property
    def is_as_built(self) -> bool:
        """Whether the file that came with the site and the changes since make up the document."""
        return self.drawn_at_build and len(self._changes) <= MANY_CHANGES

    def become(self, lang: str, theme: str, query: dict[str, str]) -> None:
        """What the constructor would have made of these."""
        with set_curdoc(self.document):
            self.page.catch_up()
            self.page.lang, self.page.theme = lang, theme
            if query:
                self.page.take(query)
                self.page.relabel()

    def link(self, send: SendChanges) -> None:
        """Send what changed since it was drawn, and from now on each change."""
        self._send, self.drawn_at_build = send, False
        self.send_changes()

    def send_changes(self) -> None:
        """Those that wait, together."""
        if self._send and self._changes:
            changes, self._changes = self._changes, []
            self._send(self.document, changes)

    def close(self) -> None:
        """Nobody looks at it any more: no change goes out, and Panel forgets it."""
        self._send = None
        ended = SimpleNamespace(id='', _document=self.document)
        for callback in list(self.document.callbacks.session_destroyed_callbacks):
            callback(ended)
        for known in (state._connected, state._loaded):
            known.pop(self.document, None)
        self.document.clear()

    def _changed(self, event) -> None:
        if getattr(event, 'setter', None) == 'js':
            return
        self._changes.append(event)
        if not self._send:
            return
        if len(self._changes) == 1:
            self._since = time.monotonic()
            asyncio.get_event_loop().call_soon(self.send_changes)
        elif time.monotonic() - self._since > SOON:
            self.send_changes()


class OpenPages(dict[str, OpenPage]):
    """All that one reader has open, by name."""

    def open(self, name: str, viewer: str, lang: str, theme: str, query: dict[str, str],
             drawn: bool) -> str | None:
        """Build a page, or take the one that is there: what the screen has to draw, or None where
        it has `drawn` the document that came with the site, which is only to be linked.
        """
        if name not in self:
            self[name] = OpenPage(viewer, lang, theme, query)
        else:
            self[name].become(lang, theme, query)
        return None if drawn and self[name].is_as_built else self[name].view()

    def link(self, name: str, send_changes: SendChanges, send_query: Callable[[dict, bool], None],
             send_failure: Callable[[str], None]) -> None:
        """Once the page's document is drawn: send its changes from now on.

        `send_query` gets the page's state as the link carries it, and whether the reader made it
        so; `send_failure` the traceback of long work that broke.
        """
        opened = self[name]
        page, document = opened.page, opened.document
        with set_curdoc(document):
            opened.link(send_changes)
            document.unhold()
            document.on_event('document_ready',
                              functools.partial(state._schedule_on_load, document))
            document.callbacks.trigger_event(DocumentReady())
            page.param.watch(lambda event: send_query(event.new, opened.is_own), 'query')
            page.param.watch(lambda event: send_failure(event.new), 'failure')

    def show(self, name: str) -> None:
        """The reader sees this page now, and no other: it is of the present lab."""
        for other, opened in self.items():
            if other == name:
                with set_curdoc(opened.document):
                    opened.page.show()
                opened.send_changes()
            else:
                opened.page.hidden = True

    def restore(self, name: str, query: dict[str, str]) -> None:
        """A link asked for this state of an open page."""
        self[name].is_own = True
        with set_curdoc(self[name].document):
            self[name].page.reopen(query)

    def follow(self, name: str, changes: dict[str, str | None]) -> None:
        """Somebody else changed a part of the state; see Page.follow."""
        self[name].is_own = False
        with set_curdoc(self[name].document):
            self[name].page.follow(changes)

    def apply_patch(self, name: str, patch: Serialized) -> None:
        """Do in Python what the reader did on the screen."""
        document = self[name].document
        self[name].is_own = True
        try:
            with set_curdoc(document):
                self[name].page.catch_up()  # it may have been left before the lab changed
                document.apply_json_patch(patch, setter='js')
        finally:
            for opened in self.values():
                opened.send_changes()

    def set_for_all(self, name: str, value: str) -> None:
        """Let every page speak another language (`lang`) or wear another `theme`."""
        for opened in self.values():
            with set_curdoc(opened.document):
                setattr(opened.page, name, value)
