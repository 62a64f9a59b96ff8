"""What a client may ask on /ws, done: hello, what it follows, changes, figures, the controls."""

import asyncio
import ipaddress
import secrets

from minigpt.errors import ServerError
from minigpt.server import messages
from minigpt.server.clients import Client
from minigpt.server.frames import text_frame
from minigpt.server.outbox import Kind

METRICS_EVERY = 2.0   # seconds, unless a client asks for another pace


class Requests:
    """Those of one connection: `session` says hello to a client, replies, and leaves."""

    def __init__(self, session, hub):
        self.session, self.hub = session, hub
        self._every = 0.0  # seconds between two metrics
        self._metrics_timer: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """The connection is gone."""
        self._every = 0.0
        self._start_metrics()

    def do(self, request: dict) -> None:
        """Do what a checked message asks; ServerError where that cannot be."""
        kind = request['type']
        if kind == 'ping':
            self.session.reply(messages.answer('pong', request, seq=self.hub.state.seq))
        elif kind == 'hello':
            self._hello(request)
        elif self.session.client is None:
            raise ServerError('message_hello_first', got=kind)
        else:
            getattr(self, f'_{kind}')(request)

    def _hello(self, request: dict) -> None:
        if self.session.client:
            raise ServerError('message_hello_again')
        session = self.session
        client = Client(request['name'], request['kind'],
                        request.get('key') or secrets.token_urlsafe(24),
                        is_local(session.request), session.leave)
        self._choose(client, request)
        try:
            self.hub.clients.add(client)
        except ServerError as error:
            session.reply(messages.error_message(error, request))
            return session.leave('full' if error.key == 'too_many_clients' else 'kicked')
        session.client = client
        missed = (self.hub.missed(request['since'], request.get('life', self.hub.life))
                  if 'since' in request else None)
        session.reply(messages.answer(
            'welcome', request, client=client.id, seq=self.hub.state.seq, life=self.hub.life,
            controls=self.hub.clients.controls(), local=client.local))
        if missed is None:
            session.reply(self.hub.snapshot('too_old' if 'since' in request else 'hello'))
        for event in filter(session.follows, missed or ()):
            session.outbox.put(Kind.EVENT, text_frame(messages.encoded(event)))

    def _subscribe(self, request: dict) -> None:
        self._choose(self.session.client, request)
        if 'page' in request:
            self.hub.clients.changed()
        self._done(request)

    def _set(self, request: dict) -> None:
        self.hub.clients.require_controls(self.session.client.key)
        module = self.hub.state.module(request['module'])
        values = request['values'] if 'values' in request else {
            name: module.parameter(name).from_text(text) for name, text in request['texts'].items()}
        change = self.hub.state.set(module.name, values, self.session.client.id)
        self._done(request, change.seq)

    def _metrics(self, request: dict) -> None:
        self._every = request['every']
        self._start_metrics()
        self._done(request)

    def _start_metrics(self) -> None:
        if self._metrics_timer:
            self._metrics_timer.cancel()
        self._metrics_timer = None
        if self._every:
            self._metrics_timer = asyncio.get_running_loop().call_later(
                self._every, self._send_metrics)

    def _send_metrics(self) -> None:
        self.session.outbox.put(Kind.STREAM, text_frame(messages.encoded(
            {'type': 'metrics', **self.hub.metrics()})))
        self.hub.send_soon()
        self._start_metrics()

    def _controls(self, request: dict) -> None:
        clients = self.hub.clients
        (clients.take if request['action'] == 'take' else clients.give)(self.session.client)
        self._done(request)

    def _done(self, request: dict, seq: int | None = None) -> None:
        seq = self.hub.state.seq if seq is None else seq
        self.session.reply(messages.answer('done', request, seq=seq))

    def _choose(self, client: Client, request: dict) -> None:
        """Take in which modules and streams a client follows, and which page it looks at."""
        client.page = request.get('page', client.page)
        modules, streams = request.get('modules'), request.get('streams')
        if isinstance(modules, list):
            client.modules = frozenset(self.hub.state.module(name).name for name in modules)
        elif modules:
            client.modules = None
        if streams is not None:
            client.streams = frozenset(streams)
            self._every = (self._every or METRICS_EVERY) if 'metrics' in streams else 0
            self._start_metrics()


def is_local(request) -> bool:
    """From the server's own machine, and not by way of a proxy there."""
    forwarded = 'Forwarded' in request.headers or 'X-Forwarded-For' in request.headers
    return not forwarded and ipaddress.ip_address(request.remote_ip).is_loopback
