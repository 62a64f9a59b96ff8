"""The hub of /ws: every event of the state goes to every client that follows it, in order.

An event is encoded once. Frames are collected for a few milliseconds and leave together, so that a
burst of changes costs each client one write.
"""

import asyncio
import secrets
import time
from collections.abc import Callable

from minigpt.server.clients import GRACE, Clients
from minigpt.server.frames import text_frame
from minigpt.server.messages import encoded
from minigpt.server.outbox import Kind

PACE = 0.004      # seconds between two rounds of writing
CATCH_UP = 200_000  # more bytes than this missed, and a snapshot is shorter
CLIENTS_PACE = 0.5  # seconds between two lists of clients
# Without a number too, but never left out.
FOR_ALL = ('controls',)


class Hub:
    """Joins the state and the sessions. Make it inside the running loop.

    metrics: returns what a client that asked for metrics is sent.
    """

    def __init__(self, state, metrics: Callable[[], dict] = dict, clients: Clients | None = None):
        self.state, self.metrics = state, metrics
        self.clients = Clients() if clients is None else clients
        self.clients.changed = self._clients_changed
        self.sessions: set = set()
        # Numbers of an earlier life say nothing: a crash may have lost the last of them.
        self.life = secrets.token_hex(4)
        self._loop = asyncio.get_running_loop()
        self._awake = False
        self._last_round = 0.0
        self._controls = None
        self._telling_clients = False
        self._unwatch = [state.watch(self.hear), state.watch_streams(self.hear)]

    def hear(self, event: dict) -> None:
        """Queue an event for everyone who follows it."""
        sessions = [session for session in self.sessions if session.follows(event)]
        if sessions:
            frame = text_frame(encoded(self.named(event)))
            kept = 'seq' in event or event['type'] in FOR_ALL
            kind = Kind.EVENT if kept else Kind.STREAM
            for session in sessions:
                session.outbox.put(kind, frame)
            self.send_soon()

    def send_soon(self) -> None:
        """Have what is queued sent in the next round: now, or PACE after the last one."""
        if not self._awake:
            self._awake = True
            wait = self._last_round + PACE - time.monotonic()
            if wait > 0:
                self._loop.call_later(wait, self._round)
            else:
                self._loop.call_soon(self._round)

    def missed(self, since: int, life: str) -> list[dict] | None:
        """The events after `since`; None where a snapshot has to do."""
        events = self.state.since(since) if life == self.life else None
        if events and sum(len(encoded(event)) for event in events) > CATCH_UP:
            return None
        return events and [self.named(event) for event in events]

    def named(self, event: dict) -> dict:
        """An event with the name of whoever caused it beside their id."""
        return event | {'name': self.clients.name_of(event['by'])} if 'by' in event else event

    def snapshot(self, because: str) -> dict:
        return {'type': 'snapshot', 'because': because, 'controls': self.clients.controls(),
                **self.state.snapshot()}

    async def close(self, reason: str = 'shutdown', patience: float = 3.0) -> None:
        """Say goodbye to everyone; returns when all have gone or patience has."""
        for unwatch in self._unwatch:
            unwatch()
        for session in list(self.sessions):
            session.leave(reason)
        until = self._loop.time() + patience
        while self.sessions and self._loop.time() < until:
            await asyncio.sleep(0.02)

    def _round(self) -> None:
        self._awake = False
        self._last_round = time.monotonic()
        for session in list(self.sessions):
            session.outbox.flush()

    def _clients_changed(self) -> None:
        controls = self.clients.controls()
        if controls != self._controls:
            self._controls = controls
            self.hear({'type': 'controls', 'holder': controls})
        if not self.clients.holder_is_here():  # look again when the controls fall back to all
            self._loop.call_later(GRACE + 0.1, self._clients_changed)
        if not self._telling_clients:
            self._telling_clients = True
            self._loop.call_later(CLIENTS_PACE, self._tell_clients)

    def _tell_clients(self) -> None:
        self._telling_clients = False
        self.hear({'type': 'clients', 'clients': self.clients.list(),
                   'controls': self.clients.controls()})
