"""Where an integration server is, and one REST request to it; the terminal's side."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
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

    def call(self, method: str, path: str, body=None):
        """The answer of a REST request, from JSON. ServerError says what the server said, or that
        none answers."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f'{self.base}/api/v1/{path}', data, method=method,
            headers=self.headers | ({'Content-Type': 'application/json'} if data else {}))
        try:
            with _opener.open(request, timeout=TIMEOUT) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise self.refusal(error.code, error.read()) from error
        except (OSError, ValueError) as error:
            raise self.absent() from error
        try:
            return json.loads(text) if text else None
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
