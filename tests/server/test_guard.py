"""Who is refused: foreign hosts and origins, who lacks the token, who asks too often."""

import http.client
import json
import socket

import pytest
from serving import Running

from minigpt.errors import ServerError
from minigpt.server.app import Server, Settings
from minigpt.server.guard import checked_origin, hosts_of
from minigpt.server.limits import Limits

FRIEND = 'https://escola.example.org'


@pytest.fixture(scope='module')
def running():
    running = Running(origins=(FRIEND,))
    yield running
    running.close()


@pytest.fixture(scope='module')
def locked():
    running = Running(token='segredo-da-turma', limits=Limits(per_second=5, burst=60))
    yield running
    running.close()


def hostile_hosts(port):
    return ['evil.example', f'evil.example:{port}', f'127.0.0.1:{port + 1}', '127.0.0.1',
            f'127.0.0.1.evil.example:{port}', f'evil127.0.0.1:{port}', f'localhost.evil:{port}',
            f'notlocalhost:{port}', f'localhost:{port}.evil', f'127.0.0.2:{port}',
            f'0.0.0.0:{port}', f'2130706433:{port}', f'0x7f.1:{port}', f'127.1:{port}',
            f'localhost.:{port}', f'[::ffff:127.0.0.1]:{port}', '', f' localhost:{port}x',
            f'user@localhost:{port}', f'localhost:{port}@evil.example', f'localhost:0{port}']


def hostile_origins(port):
    return ['null', 'http://evil.example', f'http://evil.example:{port}',
            f'http://127.0.0.1:{port}.evil.example', f'http://127.0.0.1.evil.example:{port}',
            f'http://evil-127.0.0.1:{port}', f'https://127.0.0.1:{port}', 'http://127.0.0.1',
            f'http://127.0.0.1:{port + 1}', f'http://127.0.0.1:{port}/', f'HTTP://127.0.0.1:{port}',
            f'http://localhost:{port}', f'http://127.0.0.1:{port} http://evil.example',
            'file://', 'chrome-extension://abc', '', '*', FRIEND + '.evil.org', FRIEND + ':444',
            FRIEND + '/', FRIEND.replace('https', 'http'), FRIEND.upper(), 'https://evilescola.org']


def test_thirty_and_more_hostile_hosts_and_origins_get_nothing(running):
    """A change is tried each time: none happens."""
    before = running.server.state.seq
    asked = [{'Host': it} for it in hostile_hosts(running.port)]
    asked += [{'Origin': it} for it in hostile_origins(running.port)]
    assert len(asked) >= 30
    refused = 0
    for headers in asked:
        for path, method in (('/api/v1/modules/attention/parameters', 'PATCH'), ('/metrics', 'GET'),
                             ('/api/v1/state', 'OPTIONS'), ('/api/v1/generate', 'POST')):
            try:
                status, answer, said = running.ask(method, path, {'layer': 2}, **headers)
            except ConnectionResetError:
                continue  # ended before the body came: nothing was answered
            assert status in (400, 403), headers  # 400: no Host header that HTTP allows
            refused += 1
            if status == 403:
                assert json.loads(said)['error']['code'] == (
                    'host_refused' if 'Host' in headers else 'origin_refused'), headers
            assert 'Access-Control-Allow-Origin' not in answer
    assert running.server.state.seq == before and refused > len(asked)


def test_two_hosts_or_none_are_refused(running):
    for hosts in ('', f'Host: {running.host}\r\nHost: evil.example\r\n'):
        with socket.create_connection(('127.0.0.1', running.port), 5) as raw:
            raw.sendall(f'GET /api/v1/state HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n'.encode())
            said = b''.join(iter(lambda: raw.recv(65536), b''))
        assert said.startswith((b'HTTP/1.1 403', b'HTTP/1.1 400')) and b'parameters' not in said


def test_own_pages_and_listed_origins_may(running):
    own = f'http://{running.host}'
    assert running.ask('GET', '/api/v1/modules', Origin=own)[0] == 200
    status, headers, _ = running.ask('GET', '/api/v1/modules', Origin=FRIEND)
    assert status == 200 and headers['Access-Control-Allow-Origin'] == FRIEND
    assert headers['Vary'] == 'Origin' and headers.get('Access-Control-Allow-Credentials') is None
    status, headers, _ = running.ask('OPTIONS', '/api/v1/modules/model/parameters', Origin=FRIEND)
    assert status == 204 and 'PATCH' in headers['Access-Control-Allow-Methods']
    assert running.ask('GET', '/api/v1/modules', Host=f'localhost:{running.port}')[0] == 200


def test_a_picture_on_another_site_is_refused_though_it_names_no_origin(running):
    def asked(mode):
        return running.ask('GET', '/api/v1/state', Sec_Fetch_Site='cross-site',
                           Sec_Fetch_Mode=mode)[0]
    assert asked('no-cors') == 403 and asked('navigate') == 200


@pytest.mark.parametrize('headers, path', [
    ({}, '/api/v1/state'), ({'Authorization': 'Bearer segredo'}, '/api/v1/state'),
    ({'Authorization': 'Bearer segredo-da-turmA'}, '/api/v1/state'),
    ({'Authorization': 'Basic segredo-da-turma'}, '/api/v1/state'),
    ({'Cookie': 'minigpt_token=x'}, '/api/v1/state'), ({}, '/api/v1/state?token=x'),
    ({}, '/metrics'), ({}, '/api/v1/openapi.json'), ({}, '/api/v1/nothing'),
    ({'Authorization': 'Bearer sénha'}, '/api/v1/state')])
def test_without_the_token_nothing_is_told(locked, headers, path):
    headers = {name: it.encode() for name, it in headers.items()}
    status, answer, said = locked.ask('GET', path, **headers)
    assert status == 401 and answer['WWW-Authenticate'] == 'Bearer'
    assert json.loads(said)['error']['code'] == 'token_needed'


def test_the_token_opens_as_bearer_cookie_or_in_the_address(locked):
    token = 'segredo-da-turma'
    assert locked.ask('GET', '/api/v1/modules', Authorization=f'Bearer {token}')[0] == 200
    assert locked.ask('GET', '/api/v1/modules', Cookie=f'minigpt_token={token}')[0] == 200
    assert locked.ask('GET', f'/api/v1/modules?token={token}')[0] == 200


def test_who_asks_too_often_waits(locked):
    codes = [locked.ask('GET', '/api/v1/modules', Authorization='Bearer segredo-da-turma')[0]
             for _ in range(80)]
    assert codes.count(429) > 10 and set(codes) <= {200, 429}


def test_beyond_this_machine_a_token_is_required():
    for host in ('0.0.0.0', '', '192.168.0.7', 'example.org', '::'):
        with pytest.raises(ServerError, match='token is required'):
            Server(Settings(host=host))
    with pytest.raises(ServerError, match='8 to 200'):
        Server(Settings(host='0.0.0.0', token='curto'))


def test_a_server_answers_only_to_its_own_names():
    assert hosts_of('127.0.0.1', 3001) == ('127.0.0.1:3001', 'localhost:3001', '[::1]:3001')
    assert hosts_of('192.168.0.7', 80) == ('192.168.0.7:80', '192.168.0.7')
    assert {'127.0.0.1:3001', f'{socket.gethostname().lower()}:3001'} <= set(
        hosts_of('0.0.0.0', 3001))
    assert not [it for it in hosts_of('0.0.0.0', 3001) if it.startswith('0.0.0.0')]


@pytest.mark.parametrize('text', ['*', 'null', 'example.org', 'https://example.org/', 'https://',
                                  'https://*.example.org', 'HTTPS://example.org', 'ftp://x'])
def test_what_is_no_origin_cannot_be_listed(text):
    with pytest.raises(ServerError, match='is not an origin'):
        checked_origin(text)
    assert checked_origin('https://example.org:8443') == 'https://example.org:8443'


def test_the_server_listens_on_this_machine_alone(running):
    assert Settings().host == '127.0.0.1'
    sockets = running.server._http._sockets.values()
    assert {it.getsockname()[0] for it in sockets} == {'127.0.0.1'}


@pytest.mark.parametrize('length', ['1000001', '50000000', f'{10**15}', '9' * 5000],
                         ids=('near', 'far', 'farther', 'beyond'))
def test_a_body_too_large_is_refused_before_it_is_sent(running, length):
    connection = http.client.HTTPConnection('127.0.0.1', running.port, timeout=10)
    connection.putrequest('POST', '/api/v1/tokenize')
    connection.putheader('Content-Type', 'application/json')
    connection.putheader('Content-Length', length)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())['error']['code'] == 'body_too_large'
    connection.close()


def test_a_body_in_pieces_is_counted_too(running):
    connection = http.client.HTTPConnection('127.0.0.1', running.port, timeout=10)
    pieces = (b' ' * 100_000 for _ in range(15))
    connection.request('POST', '/api/v1/tokenize', pieces, {'Content-Type': 'application/json'},
                       encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 413 and b'body_too_large' in answer.read()
    connection.close()


@pytest.mark.parametrize('host, length, chunked', [
    ('{}', 8_000_000, False), ('{}', 8_000_000, True), ('evil.example', 900_000, False),
    ('evil.example', 8_000_000, False)])
def test_who_sends_all_before_reading_reads_why_it_was_refused(running, host, length, chunked):
    length_said = 'Transfer-Encoding: chunked' if chunked else f'Content-Length: {length}'
    with socket.create_connection(('127.0.0.1', running.port), 10) as wire:
        wire.sendall(f'POST /api/v1/tokenize HTTP/1.1\r\nHost: {host.format(running.host)}\r\n'
                     f'Content-Type: application/json\r\n{length_said}\r\n\r\n'.encode())
        piece = b' ' * 100_000
        for _ in range(length // len(piece)):
            wire.sendall(b'186a0\r\n' + piece + b'\r\n' if chunked else piece)
        wire.sendall(b'0\r\n\r\n' if chunked else b'')
        # The connection is as good as new: what follows is answered.
        wire.sendall(f'GET /api/v1/modules HTTP/1.1\r\nHost: {running.host}\r\n'
                     'Connection: close\r\n\r\n'.encode())
        said = b''.join(iter(lambda: wire.recv(65536), b'')).decode()
    refused, _, rest = said.partition('HTTP/1.1 200')
    assert refused.startswith('HTTP/1.1 413' if length > 1_000_000 else 'HTTP/1.1 403')
    code = json.loads(refused[refused.index('{'):])['error']['code']
    assert code == ('body_too_large' if length > 1_000_000 else 'host_refused')
    assert '"modules"' in rest


def test_who_asks_before_sending_is_answered_and_sends_nothing(running):
    with socket.create_connection(('127.0.0.1', running.port), 10) as wire:
        wire.sendall(f'POST /api/v1/tokenize HTTP/1.1\r\nHost: {running.host}\r\n'
                     'Content-Length: 8000000\r\nExpect: 100-continue\r\n\r\n'.encode())
        said = b''.join(iter(lambda: wire.recv(65536), b''))
    assert said.startswith(b'HTTP/1.1 413') and b'body_too_large' in said
    assert b'100 (Continue)' not in said
