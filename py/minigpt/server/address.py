"""Where an integration server is, and one REST request to it; the terminal's side."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import parse_qs, quote, urlsplit

from minigpt.errors import ServerError

DEFAULT = 'http://127.0.0.1:3001'
TIMEOUT = 30.0  # seconds that a request may take
# No proxies: the server is on this machine or in the same room.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Said:
    """What the server said, in both languages: a value of a ServerError."""
    texts: dict[str, str]

    def in_language(self, lang: str) -> str:
        return self.texts[lang]


@dataclass(frozen=True)
class Address:
    """`base`: scheme, host and port. `key`: the person's (see `minigpt.server.clients`)."""
    base: str = DEFAULT
    token: str | None = None
    key: str | None = None
    name: str = 'minigpt'

    @classmethod
    def parse(cls, text: str, token: str | None = None, **more) -> 'Address':
        """'http://host:3001/?token=…', 'host:3001' or '3001'. ServerError where it is none."""
        full = f'127.0.0.1:{text}' if text.isdigit() else text
        try:
            parts = urlsplit(full if '://' in full else f'http://{full}')
            valid = parts.scheme in ('http', 'https') and parts.hostname and parts.port != 0
        except ValueError:
            valid = False
        if not valid or any(letter.isspace() for letter in text):
            raise ServerError('bad_server_url', got=text)
        given = parse_qs(parts.query).get('token', [None])[0]
        return cls(f'{parts.scheme}://{parts.netloc}', token or given, **more)

    @property
    def websocket(self) -> str:
        return f'ws{self.base.removeprefix("http")}/ws'

    @property
    def headers(self) -> dict[str, str]:
        """Who asks. A name goes percent-encoded: headers are ASCII."""
        return {'X-Client-Name': quote(self.name),
                **({'Authorization': f'Bearer {self.token}'} if self.token else {}),
                **({'X-Client-Key': self.key} if self.key else {})}

    @staticmethod
    def part(text: str) -> str:
        """A name as one part of a path."""
        return quote(text, safe='')

    def call(self, method: str, path: str, body=None):
        """The answer of a REST request, from JSON. ServerError says what the server said, or that
        none answers."""
        with self._opened(method, path, body) as answer:
            return self._json(answer.read())

    def lines(self, path: str) -> Iterator:
        """The answer of a request that is told in lines, each as it comes."""
        with self._opened('GET', path, None, None) as answer:
            try:
                for line in answer:
                    yield self._json(line)
            except (OSError, HTTPException) as error:
                raise ServerError('connection_lost', url=self.base) from error

    def _opened(self, method: str, path: str, body, timeout: float | None = TIMEOUT):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f'{self.base}/api/v1/{path}', data, method=method,
            headers=self.headers | ({'Content-Type': 'application/json'} if data else {}))
        try:
            return _opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            with error:
                raise self.refusal(error.code, error.read()) from error
        except (OSError, HTTPException) as error:
            raise self.absent() from error

    def _json(self, text: bytes):
        try:
            return json.loads(text)
        except ValueError as error:
            raise ServerError('not_our_server', url=self.base) from error

    def absent(self) -> ServerError:
        return ServerError('no_server', url=self.base)

    def refusal(self, status: int, body: bytes) -> ServerError:
        """The error that the body of an HTTP answer tells."""
        try:
            return said(json.loads(body)['error'])
        except (ValueError, KeyError, TypeError):
            return ServerError('not_our_server', url=self.base, status=status)


def said(error: dict) -> ServerError:
    """The error in a message of the server's: {"code", "message": {pt, en}}."""
    found = ServerError('server_said', text=Said(error['message']))
    found.code = error['code']
    return found
