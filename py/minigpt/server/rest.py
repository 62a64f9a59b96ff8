"""REST under /api/v1: one handler that reads, checks and answers what the operations describe."""

import inspect
import json
import re
from urllib.parse import unquote

from tornado.iostream import StreamClosedError

from minigpt.errors import Refused, ServerError
from minigpt.server import (rest_clients, rest_demos, rest_model, rest_state, rest_status,
                            rest_text, rest_training)
from minigpt.server.answers import Answering, NotFound
from minigpt.server.monitor import PrometheusText
from minigpt.server.openapi import OpenApi, TryIt
from minigpt.server.operation import Call, Operation
from minigpt.server.request_check import check, parsed, query_values
from minigpt.server.schemas import components
from minigpt.server.session_requests import is_local

ROOT = '/api/v1'
OPERATIONS: tuple[Operation, ...] = (
    *rest_state.OPERATIONS, *rest_text.OPERATIONS, *rest_model.OPERATIONS,
    *rest_training.OPERATIONS, *rest_demos.OPERATIONS, *rest_clients.OPERATIONS,
    *rest_status.OPERATIONS)


def routes(server) -> list[tuple]:
    """A route for each path, with its operations by method."""
    by_path: dict[str, dict[str, Operation]] = {}
    for it in OPERATIONS:
        by_path.setdefault(it.path, {})[it.method] = it
    found = [(pattern(path), ApiHandler, {'server': server, 'operations': operations})
             for path, operations in by_path.items()]
    document = {'server': server, 'operations': OPERATIONS, 'root': ROOT}
    return [(f'{ROOT}/openapi.json', OpenApi, document),
            (f'{ROOT}/docs', TryIt, {'server': server}),
            (f'{ROOT}/docs/([a-z.-]+)', TryIt, {'server': server}),
            ('/metrics', PrometheusText, {'server': server}), *found,
            (f'{ROOT}(?:/.*)?', NotFound, {'server': server})]


def pattern(path: str) -> str:
    return ROOT + re.sub(r'\{\w+\}', '([^/]+)', path)


class ApiHandler(Answering):
    """Answers the operations of one path."""

    SUPPORTED_METHODS = ('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')

    def initialize(self, server, operations: dict[str, Operation]) -> None:
        super().initialize(server)
        self.operations = operations

    @property
    def needs_token(self) -> bool:
        """Browsers ask for permission (OPTIONS) without the token."""
        return self.request.method != 'OPTIONS'

    def admit(self) -> None:
        super().admit()
        self.set_header('Cache-Control', 'no-store')
        if self.request.method != 'OPTIONS' and self.request.method not in self.operations:
            self.set_header('Allow', ', '.join(self.operations))
            raise ServerError('method_refused')
        if self.server.closing:
            raise ServerError('closing')

    def options(self, *_) -> None:
        """`prepare` has said what a page of another origin may do."""
        self.set_status(204)
        self.set_header('Allow', ', '.join(self.operations))
        self.finish()

    async def get(self, *path: str) -> None:
        """Any method: read, check, run, answer."""
        operation = self.operations[self.request.method]
        if operation.needs_controls:
            self.server.hub.clients.require_controls(self.key)
        call = self.read(operation, path)
        found = operation.run(self.server, call)
        try:
            if inspect.isawaitable(found):  # of a stream: what can be refused is, before it begins
                found = await found
        except OSError as error:
            raise ServerError('disk_refused', reason=Refused(error)) from error
        if operation.streams:
            await self.stream(found)
        else:
            self.answer(found, operation.status)

    post = put = patch = delete = get

    def read(self, operation: Operation, path: tuple[str, ...]) -> Call:
        """What is asked; ServerError for what does not fit."""
        known = components(self.server.state)
        if operation.body is not None:
            body = parsed(self.body, self.request.headers.get('Content-Type', ''))
            check(body, operation.body, known, 'body')
        elif self.body:
            raise ServerError('body_not_expected')
        else:
            body = None
        query = query_values(self.request.query_arguments.items(), operation.query, known)
        names = dict(zip(operation.path_names, path, strict=True))
        return Call(names, query, body, self.by(), self.key, is_local(self.request))

    def by(self) -> str:
        """Who asks, as they call themselves; percent-encoded, because headers are ASCII."""
        name = unquote(self.request.headers.get('X-Client-Name', 'rest'))
        if not re.fullmatch(r'[\w .:-]{1,40}', name):
            raise ServerError('bad_client_name')
        return name

    @property
    def key(self) -> str | None:
        """The person's, if they sent one."""
        return self.request.headers.get('X-Client-Key')

    async def stream(self, lines) -> None:
        """One JSON object a line, each sent as it comes; who goes away ends the work."""
        self.set_header('Content-Type', 'application/x-ndjson; charset=utf-8')
        try:
            async for line in lines:
                self.write(json.dumps(line, ensure_ascii=False) + '\n')
                await self.flush()
        except StreamClosedError:
            pass
        finally:
            await lines.aclose()

    @property
    def monitored_as(self) -> str:
        operation = self.operations.get(self.request.method)
        return operation.name if operation else 'refused'
