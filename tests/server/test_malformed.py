"""Thousands of requests that make no sense: each is told why, and the server lives on."""

import http.client
import json
import random
import socket

import pytest
from serving import Running

from minigpt.server.limits import Limits
from minigpt.server.rest import OPERATIONS, ROOT

COUNT = 5000
NONSENSE = [None, True, -1, 0, 1.5, 10**30, -10**400, '', 'x', 'x' * 300, [], [[]], {}, {'a': 1},
            ['x', 1], '\x00', '\ud800', {'': None}, 1e-300, '../../etc/passwd']
RAW = [b'', b'{', b'[1,', b'{"a":NaN}', b'{"a":Infinity}', b'\xff\xfe', b'"\\ud800"', b'nul',
       b'[' * 5000, b'{"a":' * 3000, b'{"layer":1}x', b'1' * 5000, b'\x00', '{"a":"é'.encode()[:-1]]
NAMES = ['x', '..', '%2e%2e', '..%2f..%2fetc', '%00', '%ff', 'a' * 300, 'attention%20', '*',
         'shipped.safetensors', '.safetensors', '..%2fstate.json', '%c3%a9', 'None', '%0d%0a']


@pytest.fixture(scope='module')
def running():
    running = Running(limits=Limits(per_second=1e9, burst=10**9))
    yield running
    running.close()


def nonsense(rng):
    """(method, path, body, headers) of a request that is wrong in at least one way."""
    it = rng.choice(OPERATIONS)
    path, headers = it.path, {'Content-Type': 'application/json'}
    for name in it.path_names:
        path = path.replace(f'{{{name}}}', rng.choice(NAMES))
    body = None
    if it.body is not None:
        body = rng.choice([rng.choice(RAW), json.dumps(broken(it.body, rng)).encode()])
    kind = rng.randrange(8)
    if kind == 0:
        path += '?' + rng.choice(['since=x', 'since=-1', 'limit=0', 'limit=1e9', 'a=b', 'since=1'
                                  '&since=2', 'count=%ff', 'since=', '=', '&&&', 'start=1.5'])
    elif kind == 1:
        headers['Content-Type'] = rng.choice(['text/plain', '', 'application/xml', 'json', ';'])
    elif kind == 2:
        path += rng.choice(['/', '/x', '//', '%00', '/..', ';a=b', '.json'])
    elif kind == 3:
        headers['X-Client-Name'] = rng.choice(['<b>', 'x' * 41, '', "a'b", '\t'])
    method = it.method
    if kind == 4:
        method = rng.choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    if kind == 5 and body is None:
        body = rng.choice(RAW)
    return method, ROOT.rstrip('/') + path, body, headers


def broken(schema, rng):
    """A body of the right names with wrong values, or of wrong names, or none at all."""
    if rng.random() < 0.2:
        return rng.choice(NONSENSE)
    names = list(schema.get('properties', {})) + ['layer', 'values', 'x']
    return {rng.choice(names): rng.choice(NONSENSE) for _ in range(rng.randrange(1, 4))}


def test_five_thousand_requests_that_make_no_sense(running):
    rng = random.Random(7)
    connection = http.client.HTTPConnection('127.0.0.1', running.port, timeout=30)
    codes: dict[str, int] = {}
    for _ in range(COUNT):
        method, path, body, headers = nonsense(rng)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status < 400:  # by chance it made sense
            continue
        assert answer.status < 500, (method, path, body, said)
        told = json.loads(said)['error']
        assert told['message']['pt'] and told['message']['en'] and told['code'] != 'our_mistake'
        codes[told['code']] = codes.get(told['code'], 0) + 1
    assert sum(codes.values()) > 0.8 * COUNT and len(codes) > 20, codes
    assert running.json('GET', '/api/v1/status')[0] == 200
    assert running.json('PATCH', '/api/v1/modules/attention/parameters', {'layer': 2})[0] == 200
    text = running.ask('GET', '/metrics')[2].decode()
    assert f'requests_total{{method="GET",operation="listModules"' in text


@pytest.mark.parametrize('raw', [
    b'\x16\x03\x01\x02\x00\x01\x00', b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'\r\n' * 10,
    b'GET /api/v1/state HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    b'GET / HTTP/1.1\r\n' + b'A: ' + b'x' * 20_000 + b'\r\n\r\n',
    b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'
    b'0\r\n\r\n',
    b'GET /\x00 HTTP/1.1\r\n\r\n', b'x' * 100_000])
def test_what_is_no_http_ends_its_connection_only(running, raw):
    with socket.create_connection(('127.0.0.1', running.port), 10) as wire:
        try:  # it may have been ended before all was sent
            wire.sendall(raw)
            wire.shutdown(socket.SHUT_WR)
            said = b''.join(iter(lambda: wire.recv(65536), b''))
        except TimeoutError:
            raise
        except OSError:
            said = b''
    assert not said or said.startswith(b'HTTP/1.1 4')
    assert running.json('GET', '/api/v1/modules')[0] == 200
