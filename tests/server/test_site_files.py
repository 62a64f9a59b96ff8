"""The static site on the integration server: the same headers, and nothing outside its folder."""

import pytest
from serving import Running, site_folder

from sitebuild.serve import HEADERS


@pytest.fixture(scope='module')
def running(tmp_path_factory):
    site = site_folder(tmp_path_factory.mktemp('site'))
    running = Running(site=site, headers=HEADERS)
    yield running
    running.close()


@pytest.mark.parametrize('path, said, kind', [
    ('/', b'index.html', 'text/html; charset=utf-8'),
    ('/attention/', b'attention/index.html', 'text/html; charset=utf-8'),
    ('/a.mjs?v=1', b'a.mjs', 'text/javascript; charset=utf-8'),
    ('/a.wasm', b'a.wasm', 'application/wasm')])
def test_files_come_with_their_type_and_the_sites_policy(running, path, said, kind):
    status, headers, body = running.ask('GET', path)
    assert (status, body, headers['Content-Type']) == (200, said, kind)
    assert headers['Cache-Control'] == 'no-cache' and 'Etag' not in headers
    assert {name: headers[name] for name in HEADERS} == HEADERS


def test_a_page_is_not_sent_again_that_did_not_change(running):
    _, headers, _ = running.ask('GET', '/a.mjs')
    status, _, body = running.ask('GET', '/a.mjs', If_Modified_Since=headers['Last-Modified'])
    assert (status, body) == (304, b'')


@pytest.mark.parametrize('path', [
    '/empty/', '/none', '/../secret.txt', '/..%2fsecret.txt', '/..%2Fsecret.txt',
    '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt', '/attention/../../secret.txt',
    '/attention/..%2f..%2fsecret.txt', '/..%5csecret.txt', '/....//secret.txt', '//secret.txt',
    '/a.mjs%00.html', '/%00', '/link.txt', '/up/secret.txt', '/up/dist/../secret.txt',
    '/%252e%252e%252fsecret.txt', '/a.mjs/', '/' + 'x' * 5000, '/%ff%fe', '/..;/secret.txt',
    '/file:///etc/passwd', '/%2fetc%2fpasswd', '//etc/passwd', '/C:%5cWindows%5cwin.ini'])
def test_nothing_else_is_served(running, path):
    status, _, body = running.ask('GET', path)
    assert status in (400, 403, 404) and b'secret' not in body
    assert b'"code"' in body and b'"pt"' in body


def test_who_comes_with_the_token_keeps_it_out_of_the_address(tmp_path):
    running = Running(site=site_folder(tmp_path), token='segredo-da-turma')
    try:
        assert running.ask('GET', '/attention/')[0] == 200  # the pages themselves are no secret
        status, headers, _ = running.ask('GET', '/attention/?token=segredo-da-turma')
        assert (status, headers['Location']) == (302, '/attention/')
        cookie = headers['Set-Cookie']
        assert 'HttpOnly' in cookie and 'SameSite=Strict' in cookie
        assert running.ask('GET', '/api/v1/state', Cookie=cookie.split(';')[0])[0] == 200
        status, headers, _ = running.ask('GET', '/attention/?token=falso')
        assert status == 200 and 'Set-Cookie' not in headers
    finally:
        running.close()
