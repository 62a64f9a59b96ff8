"""One connection to /ws: what a client asks, answered one by one; every refusal says why.

A client that sends too fast is read more slowly, and one that does not read its answers is not
read at all: what it costs is bounded on both sides.
"""

import asyncio
import logging
import time

from tornado.websocket import WebSocketHandler

from minigpt.errors import MinigptError, ServerError
from minigpt.server import messages
from minigpt.server.answers import Answering
from minigpt.server.clients import Client
from minigpt.server.frames import text_frame
from minigpt.server.hub import FOR_ALL, Hub
from minigpt.server.message_check import MESSAGE_BYTES, checked, parsed
from minigpt.server.outbox import Kind, Outbox
from minigpt.server.session_requests import Requests
from minigpt.server.streams import STREAM_OF

HEARTBEAT = 20.0      # seconds between two pings; no pong by the next one ends the connection
STRANGERS = 20        # connections beyond the clients that may be about to say hello
HELLO_WITHIN = 10.0   # seconds to say who one is
BEHIND_AT_MOST = 30.0  # seconds that a client may be behind before it is let go
GOODBYE_WITHIN = 2.0  # seconds to read what was on its way when the connection is ended
RATE, BURST = 300.0, 600.0  # messages a second that are read, and how many at once
CLOSE_CODES = {'shutdown': 1001, 'full': 1013}  # of RFC 6455; else 4000, an application's own
logger = logging.getLogger('minigpt.server')


class Session(WebSocketHandler, Answering):
    """Tornado's handler of one connection; the guard looks at it before it is opened."""

    def initialize(self, server, hub: Hub) -> None:
        super().initialize(server)
        self.hub = hub
        self.client: Client | None = None
        self.outbox: Outbox | None = None
        self.requests = Requests(self, hub)
        self._allowance, self._counted = BURST, time.monotonic()
        self._leaving = False
        self._falls = 0  # how often it fell behind

    ping_interval = HEARTBEAT
    ping_timeout = HEARTBEAT
    # Tornado ends the connection beyond this; up to it the client is told what was too long.
    max_message_size = 2 * MESSAGE_BYTES

    def open(self) -> None:
        self.set_nodelay(True)
        self.outbox = Outbox(self.ws_connection.stream, self._catch_up_frame, self._fell_behind,
                             self.server.settings.limits.queue_bytes - self.max_message_size)
        self.hub.sessions.add(self)
        if len(self.hub.sessions) > self.hub.clients.limit + STRANGERS:
            self.leave('full')
        asyncio.get_running_loop().call_later(HELLO_WITHIN, self._expect_hello)

    def check_origin(self, origin: str) -> bool:
        """The guard has looked at it in `prepare`."""
        return True

    def follows(self, event: dict) -> bool:
        """Whether this client wants an event."""
        client, kind = self.client, event['type']
        if client is None or self._leaving:
            return False
        if kind == 'change':
            return client.modules is None or event['module'] in client.modules
        return 'seq' in event or kind in FOR_ALL or STREAM_OF.get(kind) in client.streams

    async def on_message(self, frame: str | bytes) -> None:
        await self._patience()
        if self._leaving or not self.ws_connection:
            return
        request = None
        try:
            request = parsed(frame)
            self.requests.do(checked(request))
        except MinigptError as error:
            self.reply(messages.error_message(error, request))
        except Exception:
            logger.exception('a message could not be handled')
            self.reply(messages.error_message(ServerError('server_failed'), request))
        self.hub.send_soon()

    def on_close(self) -> None:
        self.hub.sessions.discard(self)
        self.requests.close()
        if self.client:
            self.hub.clients.remove(self.client)

    def reply(self, message: dict) -> None:
        """Queue a message for this client alone."""
        self.outbox.put(Kind.ANSWER, text_frame(messages.encoded(message)))

    def leave(self, reason: str) -> None:
        """Say goodbye with a reason and end the connection."""
        if self._leaving or not self.ws_connection:
            return
        self._leaving = True
        if self.client:
            self.hub.clients.remove(self.client)
        words = messages.in_both_languages(ServerError(f'bye_{reason}'))
        self.reply({'type': 'bye', 'reason': reason, 'message': words})
        asyncio.ensure_future(self._close_when_sent(CLOSE_CODES.get(reason, 4000), reason))

    async def _close_when_sent(self, code: int, reason: str) -> None:
        until = time.monotonic() + GOODBYE_WITHIN
        while self.ws_connection and self.outbox.size and time.monotonic() < until:
            self.outbox.flush()
            await asyncio.sleep(0.01)
        self.outbox.shut()
        self.close(code, reason)

    # Bounds

    async def _patience(self) -> None:
        """Wait until the client has read its answers and its rate allows another message."""
        while self.outbox.crowded and self.ws_connection:
            self.outbox.flush()
            await asyncio.sleep(0.01)
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._counted) * RATE) - 1
        self._counted = now
        if self._allowance < 0:
            await asyncio.sleep(-self._allowance / RATE)

    def _expect_hello(self) -> None:
        if self.client is None:
            self.leave('silent')

    def _catch_up_frame(self) -> bytes:
        return text_frame(messages.encoded(self.hub.snapshot('behind')))

    def _fell_behind(self) -> None:
        """Let it go if it has not caught up in time; each fall counts anew."""
        self._falls += 1
        asyncio.get_running_loop().call_later(BEHIND_AT_MOST, self._expect_caught_up, self._falls)

    def _expect_caught_up(self, fall: int) -> None:
        if self.outbox.behind and fall == self._falls:
            self.leave('behind')
