"""What is on its way to one client: a bounded queue.

At most `limit` bytes wait, what Tornado holds included, because it is handed one piece at a time
and the next only when that has left for the network. When room runs out, streams (a training
step, metrics) are left out first. If changes do not fit either, the client is *behind*: its events
are dropped, and once it has read what was left it gets a snapshot, which holds all of them.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum

from tornado.iostream import StreamClosedError

STREAM_ROOM = 200_000  # more than this waiting, and streams are left out
PIECE = 65_536        # handed to Tornado at once
OVERHEAD = 100        # what a waiting frame costs beside its bytes


class Kind(IntEnum):
    STREAM = 0  # the next one replaces it
    EVENT = 1   # a snapshot replaces it
    ANSWER = 2  # somebody waits for it


class Outbox:
    """The frames for one client, in order. `stream` is Tornado's; `snapshot()` makes the frame for
    a client that was behind; `stalled()` is told when it falls behind, and may `shut` it."""

    def __init__(self, stream, snapshot: Callable[[], bytes], stalled: Callable[[], None],
                 limit: int):
        self.behind = False
        self.left_out = 0
        self._shut = False
        self._stream, self._snapshot, self._stalled, self._limit = stream, snapshot, stalled, limit
        self._queue: deque[tuple[Kind, bytes]] = deque()
        self._waiting = 0  # bytes in the queue
        self._leaving = 0  # bytes handed to Tornado

    @property
    def size(self) -> int:
        """Bytes that this client costs now."""
        return self._waiting + self._leaving

    @property
    def crowded(self) -> bool:
        """More than half full: no more requests should be read."""
        return self.behind or self.size > self._limit // 2

    def put(self, kind: Kind, frame: bytes) -> None:
        """Queue a frame; `flush` sends."""
        if self._shut:
            return
        cost = len(frame) + OVERHEAD
        if kind == Kind.STREAM and self.size + cost > min(STREAM_ROOM, self._limit):
            self.left_out += 1
            return
        if kind == Kind.EVENT and not self.behind and self.size + cost > self._limit:
            self._keep(Kind.EVENT)
            if self.size + cost > self._limit:
                self._keep(Kind.ANSWER)
                self.behind = True
                self._stalled()
        if kind < Kind.ANSWER and self.behind or self._shut:
            self.left_out += 1
            return
        self._queue.append((kind, frame))
        self._waiting += cost

    def shut(self) -> None:
        """Forget what waits, and take nothing more."""
        self._queue.clear()
        self._waiting, self._shut, self.behind = 0, True, False

    def flush(self) -> None:
        """Hand the next piece to the network, and go on as long as it takes all at once."""
        while not self._leaving:
            if not self._queue:
                if not self.behind:
                    return
                self.behind = False
                self.put(Kind.ANSWER, self._snapshot())
            piece = self._next_piece()
            self._leaving = len(piece)
            try:
                future = self._stream.write(piece)
            except StreamClosedError:
                return
            if not future.done():
                future.add_done_callback(self._left)
                return
            self._leaving = 0

    def _left(self, future) -> None:
        if future.cancelled() or future.exception():  # closed: nothing more can leave
            return
        self._leaving = 0
        self.flush()

    def _next_piece(self) -> bytes:
        frames, size = [], 0
        while self._queue and (not frames or size + len(self._queue[0][1]) <= PIECE):
            frame = self._queue.popleft()[1]
            frames.append(frame)
            size += len(frame)
            self._waiting -= len(frame) + OVERHEAD
        return b''.join(frames)

    def _keep(self, least: Kind) -> None:
        """Leave out what may be, below this kind."""
        kept = [(kind, frame) for kind, frame in self._queue if kind >= least]
        self.left_out += len(self._queue) - len(kept)
        self._queue = deque(kept)
        self._waiting = sum(len(frame) + OVERHEAD for _, frame in kept)
