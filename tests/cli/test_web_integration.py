"""`minigpt web --integration`: the same server by the door of the checkout, and without one."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from minigpt.cli import web

ROOT = Path(__file__).parents[2]


def test_it_serves_site_and_state_until_ctrl_c(tmp_path):
    (tmp_path / 'index.html').write_text('<h1>minigpt</h1>')
    process = subprocess.Popen(
        [sys.executable, '-m', 'minigpt', 'web', '--integration', '--port', '0', '--dir',
         str(tmp_path), '--state', str(tmp_path / 'state')], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=os.environ | {'MINIGPT_LANG': 'en'},
        start_new_session=True)
    try:
        url = re.search(r'http://\S+/', process.stdout.readline())[0]

        def get(path):
            return urllib.request.urlopen(url + path, timeout=30).read()
        assert get('') == b'<h1>minigpt</h1>'
        assert json.loads(get('api/v1/status'))['lab']['shipped'] is True
        assert b'swagger-ui-bundle.js' in get('api/v1/docs')
        assert json.loads(get('server.json'))
    finally:
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: to all of the terminal's
        _, err = process.communicate(timeout=60)
    assert 'Traceback' not in err
    assert json.loads((tmp_path / 'state' / 'state.json').read_text())['lab'] is None


def test_all_options_go_through_the_door():
    args = argparse.Namespace(host='0.0.0.0', port=None, dir='d', integration=True, token='t' * 9,
                              state='s', allow_host=['a:1', 'b'], origin=['https://x.org'])
    assert web.options(args) == [
        '--host', '0.0.0.0', '--port', '3001', '--integration', '--dir=d', '--token=ttttttttt',
        '--state=s', '--allow-host=a:1', '--allow-host=b', '--origin=https://x.org']
    args.integration, args.port = False, None
    assert web.options(args)[:4] == ['--host', '0.0.0.0', '--port', '8080']


@pytest.mark.parametrize('lang', ['pt', 'en'])
def test_without_the_extra_it_says_what_to_install(minigpt, monkeypatch, tmp_path, lang):
    monkeypatch.setattr(web, 'ROOT', tmp_path)  # an installed package: no checkout around it
    for name in [it for it in sys.modules if it.startswith('minigpt.server')]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, 'tornado', None)
    monkeypatch.setitem(sys.modules, 'tornado.web', None)
    ran = minigpt('web', '--integration', '--lang', lang)
    assert ran.code == 1 and len(ran.err.splitlines()) == 1
    assert 'pip install "minigpt[server]"' in ran.err and 'tornado' in ran.err


def test_an_installed_package_needs_a_built_site_where_it_is_given_one(minigpt, monkeypatch,
                                                                       tmp_path):
    monkeypatch.setattr(web, 'ROOT', tmp_path)
    ran = minigpt('web', '--integration', '--dir', str(tmp_path))
    assert ran.code == 1 and 'index.html' in ran.err


def test_minigpt_is_imported_without_what_the_server_needs():
    code = ("import sys; sys.path.insert(0, 'py'); import minigpt, minigpt.cli; "
            "print([it for it in ('tornado', 'jsonschema', 'psutil', 'prometheus_client')"
            " if it in sys.modules])")
    done = subprocess.run([sys.executable, '-c', code], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert done.stdout.strip() == '[]'
