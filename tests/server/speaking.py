"""A client of a test: frames as they are, with nothing that mends or repeats them."""

import json

from jsonschema import Draft202012Validator
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from minigpt.server.messages import FROM_SERVER

SCHEMAS = {kind: Draft202012Validator(schema) for kind, schema in FROM_SERVER.items()}


class Speaker:
    """A WebSocket to a Running server; use it inside a coroutine of the running loop's."""

    def __init__(self, running, **headers):
        self._request = HTTPRequest(f'ws://{running.host}/ws', headers=headers)
        self._socket = None

    async def __aenter__(self) -> 'Speaker':
        self._socket = await websocket_connect(self._request)
        return self

    async def __aexit__(self, *error) -> None:
        self._socket.close()

    async def say(self, kind: str, /, **fields) -> None:
        await self.send(json.dumps({'type': kind, **fields}))

    async def send(self, frame: str | bytes) -> None:
        """A frame of any text or bytes."""
        await self._socket.write_message(frame, binary=isinstance(frame, bytes))

    async def hear(self) -> dict | None:
        """The next message, held to its schema; None at the end."""
        frame = await self._socket.read_message()
        if frame is None:
            return None
        message = json.loads(frame)
        SCHEMAS[message['type']].validate(message)
        return message

    async def hear_kind(self, kind: str) -> dict:
        """The next message of this type; others are passed over."""
        while (message := await self.hear())['type'] != kind:
            pass
        return message

    async def ask(self, kind: str, /, **fields) -> dict:
        """The answer to a request."""
        await self.say(kind, id=kind, **fields)
        while (message := await self.hear()).get('id') != kind:
            pass
        return message

    async def hello(self, name: str = 'Ana', **fields) -> tuple[dict, list[dict]]:
        """The welcome, and all that follows until a ping has its answer."""
        await self.say('hello', name=name, kind='script', **fields)
        welcome = await self.hear()
        await self.say('ping', id='end')
        followed = []
        while (message := await self.hear()).get('id') != 'end':
            followed.append(message)
        return welcome, followed
