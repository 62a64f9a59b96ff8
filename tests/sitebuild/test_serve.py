"""The local server: types, nothing outside its folder, and a port that is taken."""

import http.client
import socket
import threading

import pytest

from sitebuild.errors import BuildError
from sitebuild.serve import bind


@pytest.fixture(scope='module')
def get(tmp_path_factory):
    """A function: path -> (status, headers) from a server on a folder of small files."""
    folder = tmp_path_factory.mktemp('site')
    (folder / 'secret.txt').write_text('outside')
    site = folder / 'dist'
    (site / 'sub').mkdir(parents=True)
    for name in ('index.html', 'a.mjs', 'a.js', 'a.css', 'a.wasm', 'a.json', 'a.zip', 'a.svg'):
        (site / name).write_text('x')
    with bind(site, '127.0.0.1', 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def ask(path):
            connection = http.client.HTTPConnection('127.0.0.1', server.server_port, timeout=5)
            connection.request('GET', path)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer.status, answer.headers

        yield ask
        server.shutdown()


@pytest.mark.parametrize('path, kind', [
    ('/', 'text/html; charset=utf-8'), ('/a.mjs', 'text/javascript; charset=utf-8'),
    ('/a.js', 'text/javascript; charset=utf-8'), ('/a.css', 'text/css; charset=utf-8'),
    ('/a.wasm', 'application/wasm'), ('/a.json', 'application/json'),
    ('/a.zip', 'application/zip'), ('/a.svg', 'image/svg+xml'),
])
def test_each_kind_of_file_has_its_type(get, path, kind):
    status, headers = get(path)
    assert (status, headers['Content-Type']) == (200, kind)
    assert headers['Cache-Control'] == 'no-cache'
    assert headers['Cross-Origin-Opener-Policy'] == 'same-origin'
    assert headers['Cross-Origin-Embedder-Policy'] == 'require-corp'


@pytest.mark.parametrize('path', ['/sub/', '/none', '/../secret.txt', '/..%2fsecret.txt',
                                  '/%2e%2e/secret.txt', '/a.js%00.html'])
def test_nothing_else_is_served(get, path):
    assert get(path)[0] == 404


def test_a_port_in_use_is_said_in_one_sentence():
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BuildError, match=f'port {port} on 127.0.0.1 is in use.*--port'):
            bind('.', '127.0.0.1', port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(BuildError, match='cannot listen on 192.0.2.1, port 8080'):
        bind('.', '192.0.2.1', 8080)
