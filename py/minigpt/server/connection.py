"""A connection to /ws that survives the network: it comes back by itself and catches up.

    async with Connection(address, name='Ana') as connection:
        await connection.request('set', module='attention', values={'layer': 2})
        async for message in connection:
            ...

Messages come in order. After an interruption the missed events follow, or a snapshot where they
are too old. Between the two stand a 'lost' and a 'found' message of our own, so that a view can
say what it is waiting for.
"""

import asyncio
import contextlib
import itertools
import json
import random

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

from minigpt.errors import ServerError
from minigpt.server.address import Address, said

FIRST_WAIT, LONGEST_WAIT = 0.25, 10.0  # seconds before coming back; doubled each time
HEARTBEAT = 20.0
ANSWER_WITHIN = 30.0
FINAL = ('kicked', 'full', 'silent')  # reasons of a goodbye after which one does not come back


class Connection:
    """modules: '*' or the names to follow. streams: of `minigpt.server.streams.STREAMS`.

    ServerError where no server answers at first, where it refuses, or where it sends us away."""

    def __init__(self, address: Address, name: str, kind: str = 'terminal', *,
                 modules: str | list[str] = '*', streams: tuple[str, ...] = (),
                 first_wait: float = FIRST_WAIT):
        self.address = address
        self.client: str | None = None  # our id there
        self.seq: int | None = None  # the last number seen
        self._hello = {'name': name, 'kind': kind, 'modules': modules, 'streams': list(streams)}
        if address.key:
            self._hello['key'] = address.key
        self._life = ''  # the server's, that `seq` counts in
        self._first_wait = first_wait
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future] = {}
        self._messages: asyncio.Queue[dict | ServerError] = asyncio.Queue()
        self._socket = None
        self._task: asyncio.Task | None = None

    async def __aenter__(self) -> 'Connection':
        await self._open()
        self._task = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *error) -> None:
        self._task.cancel()
        await self._close()

    def __aiter__(self):
        return self

    async def __anext__(self) -> dict:
        message = await self._messages.get()
        if isinstance(message, ServerError):
            raise message
        return message

    async def request(self, kind: str, **fields) -> dict:
        """Ask, and return the answer. ServerError: what the server said against it."""
        id = next(self._ids)
        future = self._answers[id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.write_message(json.dumps({'type': kind, 'id': id, **fields}))
            answer = await asyncio.wait_for(future, ANSWER_WITHIN)
        except (WebSocketClosedError, TimeoutError) as error:
            raise ServerError('connection_lost', url=self.address.base) from error
        finally:
            self._answers.pop(id, None)
        if answer['type'] == 'error':
            raise said(answer)
        return answer

    async def _open(self) -> None:
        """Connect and say hello; the welcome is the first message of each connection."""
        request = HTTPRequest(self.address.websocket, headers=self.address.headers,
                              connect_timeout=10, request_timeout=10)
        try:
            self._socket = await websocket_connect(request, ping_interval=HEARTBEAT)
        except HTTPClientError as error:
            if error.response is None:  # timed out
                raise self.address.absent() from error
            raise self.address.refusal(error.code, error.response.body or b'') from error
        except OSError as error:
            raise self.address.absent() from error
        since = {} if self.seq is None else {'since': self.seq, 'life': self._life}
        try:
            await self._socket.write_message(json.dumps(
                {'type': 'hello', **self._hello, **since}))
        except WebSocketClosedError as error:
            raise self.address.absent() from error
        first = await self._read()
        if first is None:
            raise self.address.absent()
        if first['type'] in ('error', 'bye'):
            await self._close()
            raise said({'code': first.get('code', 'bye'), 'message': first['message']})
        self.client, self._life = first['client'], first['life']
        self._take(first)

    async def _close(self) -> None:
        """Close, and read to the end, so that the server need not wait for us."""
        self._socket.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while await self._socket.read_message() is not None:
                    pass

    async def _read(self) -> dict | None:
        """The next message; None at the end of the connection."""
        text = await self._socket.read_message()
        try:
            return None if text is None else json.loads(text)
        except ValueError as error:
            raise ServerError('not_our_server', url=self.address.base) from error

    async def _keep(self) -> None:
        """Read, and come back as often as it needs."""
        try:
            while True:
                while (message := await self._read()) is not None:
                    self._take(message)
                    if message['type'] == 'bye' and message['reason'] in FINAL:
                        raise said({'code': message['reason'], 'message': message['message']})
                await self._return()
        except ServerError as error:
            self._lose_answers()
            self._messages.put_nowait(error)

    async def _return(self) -> None:
        """Wait longer after each attempt, and not all clients at the same moment."""
        self._lose_answers()
        self._messages.put_nowait({'type': 'lost'})
        wait = self._first_wait
        while True:
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))
            wait = min(2 * wait, LONGEST_WAIT)
            try:
                await self._open()
            except ServerError as error:
                if error.key == 'server_said' and error.code in ('client_sent_away',
                                                                 'token_needed'):
                    raise
            else:
                return self._messages.put_nowait({'type': 'found'})

    def _take(self, message: dict) -> None:
        """To whom asked, or to whom reads."""
        if message['type'] in ('done', 'error', 'pong') and 'id' in message:
            future = self._answers.get(message['id'])
            if future and not future.done():
                future.set_result(message)
            return
        if 'seq' in message and message['type'] != 'welcome':  # what that one counts is to come
            self.seq = message['seq']
        self._messages.put_nowait(message)

    def _lose_answers(self) -> None:
        for future in self._answers.values():
            if not future.done():
                future.set_exception(WebSocketClosedError())
