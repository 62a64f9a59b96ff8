"""Who is connected: since when, what they follow, who has the controls.

A *person* is whoever knows a key: all of a reader's tabs and terminals send the same one. The
controls belong to everybody, or to one person who took them (a teacher); then only that person may
change anything. Whoever sits at the server's own machine may always take them, and end others'
connections.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from minigpt.errors import ServerError

MAX_CLIENTS = 200
GRACE = 30.0  # seconds that the controls wait for their holder to come back
REMEMBERED = 1000  # names of connections that may have ended
BANNED = 60.0  # seconds that a person stays away whose connection was ended


@dataclass
class Client:
    """One connection. `modules`: those it follows, None for all. `local`: on this machine.
    `page`: the one of the site that it looks at, None where it is no page."""
    name: str
    kind: str
    key: str
    local: bool
    close: Callable[[str], None]  # end the connection, with a reason
    modules: frozenset[str] | None = None
    streams: frozenset[str] = frozenset()
    page: str | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    since: float = field(default_factory=time.time)

    def to_dict(self) -> dict:
        """What others may know; the key is not among it."""
        return {'client': self.id, 'name': self.name, 'kind': self.kind, 'since': self.since,
                'page': self.page}


class Clients:
    """All connections. `changed()` is told when someone comes or goes, or the controls move."""

    def __init__(self, limit: int = MAX_CLIENTS, clock: Callable[[], float] = time.monotonic):
        self.limit = limit
        self.changed: Callable[[], None] = lambda: None
        self._clock = clock
        self._clients: dict[str, Client] = {}
        self._holder: Client | None = None  # who took the controls; may be gone by now
        self._gone = 0.0  # when the holder's last connection ended
        self._names: dict[str, str] = {}  # of all connections lately, by id
        self._banned: dict[str, float] = {}  # key → until when

    def __len__(self) -> int:
        return len(self._clients)

    def __iter__(self):
        return iter(list(self._clients.values()))

    def add(self, client: Client) -> None:
        """Let someone in; ServerError where there is no room or they were sent away."""
        now = self._clock()
        self._banned = {key: until for key, until in self._banned.items() if until > now}
        if client.key in self._banned:
            raise ServerError('client_sent_away', seconds=round(self._banned[client.key] - now) + 1)
        if len(self._clients) >= self.limit:
            raise ServerError('too_many_clients', limit=self.limit)
        self._clients[client.id] = client
        self._names[client.id] = client.name
        while len(self._names) > REMEMBERED:
            del self._names[next(iter(self._names))]
        self.changed()

    def name_of(self, by: str) -> str:
        """The name of who did something; of those that have no connection, what they are called."""
        return self._names.get(by, by)

    def remove(self, client: Client) -> None:
        if self._clients.pop(client.id, None):
            if self._holder and self._holder.key == client.key:
                self._gone = self._clock()
            self.changed()

    def list(self) -> list[dict]:
        """Everyone, oldest connection first."""
        return [client.to_dict() for client in self._clients.values()]

    def get(self, id: str) -> Client:
        try:
            return self._clients[id]
        except KeyError:
            raise ServerError('no_such_client', client=id) from None

    @property
    def holder(self) -> Client | None:
        """Who has the controls; None: everybody."""
        holder = self._holder
        if holder and not self._connected(holder.key) and self._clock() - self._gone > GRACE:
            self._holder = holder = None
        return holder

    def holder_is_here(self) -> bool:
        """Nobody has the controls alone, or who has them is connected."""
        return self._holder is None or self._connected(self._holder.key)

    def controls(self) -> dict | None:
        """The holder as others may see them."""
        holder = self.holder
        return holder and {'client': holder.id, 'name': holder.name}

    def require_controls(self, key: str | None) -> None:
        """ServerError where somebody else than the person with this key has the controls."""
        holder = self.holder
        if holder and holder.key != key:
            raise ServerError('controls_held', name=holder.name)

    def take(self, client: Client) -> None:
        """Give the controls to one person alone."""
        if not client.local:
            self.require_controls(client.key)
        self._holder = client
        self.changed()

    def give(self, client: Client) -> None:
        """Give them back to everybody."""
        if not client.local:
            self.require_controls(client.key)
        self._holder = None
        self.changed()

    def kick(self, id: str, local: bool, key: str | None = None) -> Client:
        """End a connection. Only from the server's machine, or by who has the controls."""
        client = self.get(id)
        if not local and not (self.holder and self.holder.key == key):
            raise ServerError('may_not_kick')
        self._banned[client.key] = self._clock() + BANNED
        client.close('kicked')
        return client

    def _connected(self, key: str) -> bool:
        return any(client.key == key for client in self._clients.values())
