"""What the pages add to the integration server: /server.json and the WebSocket /ws/pages."""

from tornado.websocket import WebSocketHandler

from minigpt.server.answers import Answering
from minigpt.server.frames import text_frame
from minigpt.server.messages import encoded
from minigpt.server.outbox import Kind, Outbox
from minigpt.server.page_training import PageTraining
from pages.hosting.facts import facts
from pages.hosting.messages import LONGEST, Refused, read
from pages.hosting.thread import PagesThread
from pages.hosting.visitor import Visitor

MOST_VISITORS = 40
MOST_BYTES = 16_000_000  # on their way to one tab; one that reads no more is let go
FULL, BEHIND, WRONG = 4013, 4008, 4000  # why a connection is closed


def routes(server, viewers: dict[str, str]) -> list[tuple]:
    """For the server's `plugs`: `viewers` maps each page to the class that shows it."""
    host = server.pages = Host(server, viewers)
    server.on_close.append(host.close)
    return [(r'/server\.json', ServerFacts, {'server': server}),
            (r'/ws/pages', PagesSocket, {'server': server, 'host': host})]


class Host:
    """The visitors, and the thread of their pages, which starts with the first one."""

    def __init__(self, server, viewers: dict[str, str]):
        self.server, self.viewers = server, viewers
        self.thread: PagesThread | None = None
        self.training = PageTraining(server.settings.limits, lambda speed: self.thread.tell_server(
            server.monitor.training_speed, speed))
        self.sockets: set[PagesSocket] = set()

    def started(self) -> PagesThread:
        self.thread = self.thread or PagesThread(self.server.state)
        return self.thread

    async def close(self, reason: str) -> None:
        for socket in list(self.sockets):
            socket.close(1001, reason)
        if self.thread:
            self.thread.close()


class ServerFacts(Answering):
    """What a page asks to know whether it comes from this server."""

    needs_token = False
    is_counted = False

    def get(self) -> None:
        guard = self.server.guard
        self.set_header('Cache-Control', 'no-store')
        self.answer(facts(self.server.state) if not guard.token or guard.knows_token(self.request)
                    else facts(None))


class PagesSocket(WebSocketHandler, Answering):
    """The connection of one tab."""

    max_message_size = LONGEST
    ping_interval = ping_timeout = 20

    def initialize(self, server, host: Host) -> None:
        Answering.initialize(self, server)
        self.host, self.visitor, self.outbox = host, None, None
        self.key: str | None = None  # whose tab this is, as at /ws

    def check_origin(self, origin: str) -> bool:
        """The guard has looked already, in `prepare`."""
        return True

    def open(self) -> None:
        if len(self.host.sockets) >= MOST_VISITORS:
            self.close(FULL, 'full')
            return
        self.set_nodelay(True)
        self.host.sockets.add(self)
        self.outbox = Outbox(self.ws_connection.stream, bytes, self._behind, MOST_BYTES)
        thread = self.host.started()
        self.visitor = Visitor(self.host.viewers,
                               lambda message: thread.tell_server(self._send, message),
                               lambda: self.server.hub.clients.require_controls(self.key),
                               self.host.training.train)
        self._send({'type': 'ready', 'interrupts': None})

    def on_message(self, frame: str | bytes) -> None:
        try:
            message = read(frame)
        except Refused as error:
            self.close(WRONG, str(error)[:100])
            return
        if message['type'] == 'visitor':
            self.key = message['key']
        elif self.visitor:
            self.host.thread.do(self.visitor.hear, message, context=self.visitor.context)

    def on_close(self) -> None:
        self.host.sockets.discard(self)
        if self.visitor:
            self.host.thread.do(self.visitor.close, context=self.visitor.context)

    def _send(self, message: dict) -> None:
        if self in self.host.sockets:
            self.outbox.put(Kind.EVENT, text_frame(encoded(message)))
            self.outbox.flush()

    def _behind(self) -> None:
        """Nothing may be left out of what makes a page: it is let go."""
        self.outbox.shut()
        self.close(BEHIND, 'behind')
