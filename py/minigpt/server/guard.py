"""Who may ask: exact hosts and origins, a token beyond this machine, and not too often."""

import hmac
import ipaddress
import re
import time
from collections import OrderedDict
from urllib.parse import urlsplit

from minigpt.errors import ServerError
from minigpt.server.limits import Limits

COOKIE = 'minigpt_token'
LOOPBACK = ('127.0.0.1', 'localhost', '[::1]')
ADDRESSES = 10_000  # whose pace is remembered
TOKEN = re.compile(r'[A-Za-z0-9_-]{8,200}')


class Guard:
    """`hosts`: what the Host header may be, exactly. `origins`: other sites whose pages may use
    the server. `token` None: none is asked for."""

    def __init__(self, hosts: tuple[str, ...], origins: tuple[str, ...] = (),
                 token: str | None = None, limits: Limits = Limits()):
        self.hosts = frozenset(host.lower() for host in hosts)
        self.origins = frozenset(map(checked_origin, origins))
        self.token, self.limits = token, limits
        self._paces: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, request, *, needs_token: bool = True) -> None:
        """Raise ServerError unless this request (tornado's HTTPServerRequest) may be answered."""
        hosts = request.headers.get_list('Host')
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            raise ServerError('host_refused', got=shown(', '.join(hosts)))
        origins = request.headers.get_list('Origin')
        if origins and not (len(origins) == 1 and self.is_allowed(origins[0], hosts[0])):
            raise ServerError('origin_refused', got=shown(', '.join(origins)))
        # A picture or a form of another site sends no Origin with GET; browsers say it so.
        if not origins and request.headers.get('Sec-Fetch-Site') == 'cross-site' and (
                request.headers.get('Sec-Fetch-Mode') != 'navigate'):
            raise ServerError('origin_refused', got='cross-site')
        if needs_token and self.token and not self.knows_token(request):
            raise ServerError('token_needed')

    def is_allowed(self, origin: str, host: str) -> bool:
        """Whether a page of this origin may use the server that it calls `host`."""
        return origin == f'http://{host.lower()}' or origin in self.origins

    def knows_token(self, request) -> bool:
        """Whether the request carries the token: as a bearer, in the cookie or in the address."""
        bearer = request.headers.get('Authorization', '')
        given = [bearer.removeprefix('Bearer ')] if bearer.startswith('Bearer ') else []
        if COOKIE in request.cookies:
            given.append(request.cookies[COOKIE].value)
        given += [it.decode('latin-1') for it in request.query_arguments.get('token', [])]
        return any(hmac.compare_digest(it.encode(), self.token.encode()) for it in given)

    def check_pace(self, address: str) -> None:
        """Count a request of this address; ServerError where there were too many."""
        now, limits = time.monotonic(), self.limits
        left, before = self._paces.pop(address, (limits.burst, now))
        left = min(limits.burst, left + (now - before) * limits.per_second)
        self._paces[address] = (max(0.0, left - 1), now)
        if len(self._paces) > ADDRESSES:
            self._paces.popitem(last=False)
        if left < 1:
            raise ServerError('too_many_requests', per_second=f'{limits.per_second:g}')

    def cors(self, request) -> dict[str, str]:
        """What lets a page of a listed origin read the answer; nothing for any other."""
        origin = request.headers.get('Origin')
        if origin not in self.origins:
            return {'Vary': 'Origin'}
        return {'Vary': 'Origin', 'Access-Control-Allow-Origin': origin,
                'Access-Control-Allow-Methods': 'GET, POST, PATCH, PUT, DELETE',
                'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Client-Name, '
                                                'X-Client-Key',
                'Access-Control-Max-Age': '600'}


def checked_origin(text: str) -> str:
    """An origin that was listed; ServerError where it is none."""
    parts = urlsplit(text)
    if parts.scheme not in ('http', 'https') or not parts.netloc or (
            text != f'{parts.scheme}://{parts.netloc}') or text != text.lower() or '*' in text:
        raise ServerError('bad_origin', got=shown(text))
    return text


def checked_token(token: str) -> str:
    """A token that was given; ServerError where it is too short or cannot stand in an address."""
    if not TOKEN.fullmatch(token):
        raise ServerError('bad_token')
    return token


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host.strip('[]')).is_loopback
    except ValueError:
        return False


def hosts_of(host: str, port: int) -> tuple[str, ...]:
    """The Host headers of those who call a server that listens there."""
    names = names_of(host)
    return (*(f'{name}:{port}' for name in names), *(names if port == 80 else ()))


def names_of(host: str) -> tuple[str, ...]:
    """The names, without a port, of a server that listens on `host`."""
    if host in LOOPBACK or host == '::1':
        return LOOPBACK
    if host not in ('', '0.0.0.0', '::'):
        return (bracketed(host),)
    import socket

    import psutil
    families = {socket.AF_INET} if host == '0.0.0.0' else {socket.AF_INET, socket.AF_INET6}
    found = {bracketed(it.address.partition('%')[0]) for all_of_it in psutil.net_if_addrs().values()
             for it in all_of_it if it.family in families}
    return (*LOOPBACK, *sorted(found - set(LOOPBACK)), socket.gethostname().lower())


def bracketed(address: str) -> str:
    return f'[{address}]' if ':' in address and not address.startswith('[') else address


def shown(text: str) -> str:
    """What a client sent, short enough to be told."""
    return repr(text if len(text) <= 80 else f'{text[:80]}…')
