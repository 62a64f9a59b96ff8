"""The thread on which all visitors' pages are computed, and the lab that it shares with the server.

Pages are not made for several threads: one computes for all, beside the server's own, which goes on
answering meanwhile.
"""

import asyncio
import contextvars
import os
import threading
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault('PANEL_CDN_ROOT', 'panel/')  # relative to the page: the site has the styles
os.environ.setdefault('BOKEH_PERFORM_ERROR_DIAGNOSTICS', 'no')
os.environ.setdefault('BOKEH_RESOURCES', 'cdn')

import panel.io.resources  # noqa: E402

from minigpt.lab import Lab, shipped_lab  # noqa: E402
from pages import lab  # noqa: E402

panel.io.resources.RESOURCE_MODE = 'cdn'  # as panel.io.pyodide does; else styles are the server's

BY = 'pages'  # who changes the server's lab, as its other clients see it


class PagesThread:
    """`state` is the server's; made on the server's loop."""

    def __init__(self, state):
        self.state, self.server_loop = state, asyncio.get_running_loop()
        self.loop = asyncio.new_event_loop()
        self._taking = False
        self._thread = threading.Thread(target=self._run, name='pages', daemon=True)
        self._unwatch = state.watch(self._hear)
        self._thread.start()
        self.do(lab.watch, self._changed)
        self.do(self._take, state.lab)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def do(self, function: Callable, *arguments,
           context: contextvars.Context | None = None) -> None:
        """Call it on the pages' thread, soon and in order."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(function, *arguments, context=context)

    def tell_server(self, function: Callable, *arguments) -> None:
        """Call it on the server's thread, soon and in order."""
        if not self.server_loop.is_closed():
            self.server_loop.call_soon_threadsafe(function, *arguments)

    def close(self) -> None:
        self._unwatch()
        self.do(self.loop.stop)
        self._thread.join(2)  # a long computation on it need not be waited for

    # One lab

    def _hear(self, event: dict) -> None:
        """On the server's thread: its lab is another one now; also when it came from here, so
        that both end with the same where both changed it at once."""
        if event['type'] == 'lab':
            self.do(self._take, self.state.lab)

    def _take(self, shared: Lab) -> None:
        mine = lab.kept()
        if all(getattr(mine, name) is getattr(shared, name) for name in lab.FIELDS
               if name != 'settings'):
            return
        self._taking = True
        try:
            lab.replace(replace(shared, settings=mine.settings))
        finally:
            self._taking = False

    def _changed(self, _, names: set[str]) -> None:
        """On the pages' thread: a visitor opened or trained another one."""
        if self._taking or names <= {'settings', 'moment'}:
            return
        new = shipped_lab() if lab.is_shipped() else replace(lab.kept(), settings={})
        self.tell_server(self.state.set_lab, new, BY)
