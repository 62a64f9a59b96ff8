"""A server of a test, in this process, on a port of its own; and how it is asked."""

import asyncio
import http.client
import json
import sys
import threading
from dataclasses import replace
from pathlib import Path

from minigpt.server.app import Server, Settings


class Running:
    """The server on a thread with a loop of its own; `do` runs something on that loop."""

    def __init__(self, **settings):
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-4)  # asker and server take turns thousands of times
        plugs = settings.pop('plugs', ())
        self.loop = asyncio.new_event_loop()
        self.server = Server(replace(Settings(port=0), **settings), plugs)
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.do(self.server.start())

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def host(self) -> str:
        return f'127.0.0.1:{self.port}'

    def do(self, coroutine, seconds: float = 30):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(seconds)

    def call(self, function, *arguments):
        async def here():
            return function(*arguments)
        return self.do(here())

    def ask(self, method: str, path: str, body=None, **headers):
        """(status, headers, body); a body that is no bytes is sent as JSON."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        sent = {'Host': self.host, **{name.replace('_', '-'): it for name, it in headers.items()}}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault('Content-Type', 'application/json')
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, body=None, **headers):
        """(status, what the JSON says)."""
        status, _, said = self.ask(method, path, body, **headers)
        return status, json.loads(said)

    def close(self) -> None:
        self.do(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()
        sys.setswitchinterval(self._interval)


def site_folder(folder: Path) -> Path:
    """A small site, a secret beside it, and a link that leads there."""
    (folder / 'secret.txt').write_text('secret')
    site = folder / 'dist'
    (site / 'attention').mkdir(parents=True)
    (site / 'empty').mkdir()
    for name in ('index.html', 'attention/index.html', 'a.mjs', 'a.wasm'):
        (site / name).write_text(name)
    (site / 'link.txt').symlink_to(folder / 'secret.txt')
    (site / 'up').symlink_to(folder)
    return site
