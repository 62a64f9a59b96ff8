"""The commands that speak to a server: what they print, change and refuse, and how they end."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from serving import Running
from speaking import Speaker

from minigpt.cli import live_lines, main, person
from minigpt.server.clients import Client

ROOT = Path(__file__).parents[2]
TINY = {'steps': 20, 'n_layer': 1, 'n_embd': 16, 'n_head': 2, 'block_size': 8, 'vocab_size': 260,
        'batch_size': 1, 'eval_every': 10, 'eval_batches': 1, 'text': 'o rato roeu a roupa. ' * 20}


@pytest.fixture(scope='module')
def running():
    running = Running()
    yield running
    running.close()


@pytest.fixture
def minigpt(running, capsys, monkeypatch, tmp_path):
    """minigpt('set', 'attention.layer', 2): its exit code, what it printed, and its errors."""
    monkeypatch.setenv('MINIGPT_LANG', 'pt')
    monkeypatch.setenv('MINIGPT_SERVER', running.host)
    monkeypatch.setenv('XDG_STATE_HOME', str(tmp_path))
    monkeypatch.setenv('COLUMNS', '80')

    def run(*argv):
        capsys.readouterr()
        try:
            code = main([str(arg) for arg in argv])
        except SystemExit as stopped:
            code = stopped.code
        out, err = capsys.readouterr()
        return code, out, err
    return run


def value(running, module: str, name: str):
    return running.call(running.server.state.values, module)[name]


def once_connected(running, *changes: tuple[str, dict]) -> None:
    """Change parameters as soon as a terminal listens."""
    async def change():
        while not any(it.kind == 'terminal' for it in running.server.hub.clients):
            await asyncio.sleep(0.01)
        for module, values in changes:
            running.server.state.set(module, values, 'Rui')
    asyncio.run_coroutine_threadsafe(change(), running.loop)


def test_set_changes_one_or_several_parameters_at_once(running, minigpt):
    code, out, _ = minigpt('set', 'attention.layer', 2)
    seq = running.server.state.seq
    assert (code, out) == (0, f'#{seq}  attention.layer = 2\n')
    code, out, _ = minigpt('set', 'attention.layer=3', 'head=4', 'attention.mask=off', '--json')
    assert code == 0 and json.loads(out) == {
        'seq': seq + 1, 'module': 'attention', 'values': {'layer': 3, 'head': 4, 'mask': False}}
    assert minigpt('set', 'model.text', 'a=b')[0] == 0
    assert value(running, 'model', 'text') == 'a=b'


@pytest.mark.parametrize('words, said', [
    (['attention.layer'], 'falta o valor'), (['layer', '2'], 'não diz o módulo'),
    (['attention.layer', '2', 'head'], 'NOME=VALOR'),
    (['attention.layer', '2', 'model.text=x'], 'um módulo por vez'),
    (['attention.layer', '2', 'layer=3'], 'duas vezes')])
def test_a_set_that_means_nothing_is_misuse(running, minigpt, words, said):
    before = running.server.state.seq
    code, out, err = minigpt('set', *words)
    assert (code, out) == (2, '') and said in err
    assert running.server.state.seq == before


@pytest.mark.parametrize('words, said', [
    (['attention.layer', '99'], 'vai de 1 a 4'), (['attention.colour', '1'], 'não tem parâmetro'),
    (['atention.layer', '1'], 'não há módulo atention')])
def test_a_set_that_is_refused_says_why(minigpt, words, said):
    code, out, err = minigpt('set', *words)
    assert (code, out) == (1, '') and said in err and err.count('\n') == 1


def test_presets_are_kept_applied_and_deleted(running, minigpt):
    minigpt('set', 'attention.layer', 4)
    assert minigpt('presets', 'save', 'aula 1 é', '--modules', 'attention')[1] == (
        'Guardado como aula 1 é: attention.\n')
    minigpt('set', 'attention.layer', 1)
    assert minigpt('presets', 'apply', 'aula 1 é')[0] == 0
    assert value(running, 'attention', 'layer') == 4
    code, out, _ = minigpt('presets', '--json')
    kept = {it['name']: it for it in json.loads(out)['presets']}
    assert kept['aula 1 é']['values']['attention']['layer'] == 4 and 'training-small' in kept
    assert 'aula 1 é' in minigpt('presets')[1]
    assert minigpt('presets', 'delete', 'aula 1 é')[0] == 0
    code, _, err = minigpt('presets', 'apply', 'aula 1 é')
    assert code == 1 and 'aula 1 é' in err
    for wrong in (['save'], ['list', 'x'], ['apply', 'x', '--modules', 'model'], ['steal', 'x']):
        assert minigpt('presets', *wrong)[0] == 2


def test_clients_are_listed_and_sent_away_by_name(running, minigpt):
    assert 'Ninguém' in minigpt('clients')[1]

    async def scene():
        async with Speaker(running) as ana, Speaker(running) as rui, Speaker(running) as other:
            welcome, _ = await ana.hello('Ana')
            await rui.hello('Rui')
            await other.hello('Rui')
            _, out, _ = await asyncio.to_thread(minigpt, 'clients')
            assert welcome['client'] in out and 'Ana' in out and out.count('Rui') == 2
            code, _, err = await asyncio.to_thread(minigpt, 'clients', 'kick', 'Rui')
            assert code == 1 and 'várias conexões' in err
            code, out, _ = await asyncio.to_thread(minigpt, 'clients', 'kick', 'Ana')
            assert code == 0 and 'Ana' in out
            assert (await ana.hear_kind('bye'))['reason'] == 'kicked'
            code, out, _ = await asyncio.to_thread(minigpt, 'clients', '--json')
            assert {it['name'] for it in json.loads(out)['clients']} == {'Rui'}
    running.do(scene())
    assert minigpt('clients', 'kick', 'none')[0] == 1
    assert minigpt('clients', 'kick')[0] == minigpt('clients', 'list', 'x')[0] == 2


def test_a_demo_is_run_and_followed(running, minigpt):
    assert minigpt('run', 'demo')[1].split() == list(running.server.state.modules)
    code, out, _ = minigpt('run', 'demo', 'attention', '--pace', 0)
    lines = out.splitlines()
    assert code == 0 and len(lines) == 17 and lines[-1] == 'terminou'
    assert value(running, 'attention', 'head') == 4
    code, _, err = minigpt('run', 'demo', 'nada')
    assert code == 1 and 'attention' in err


def test_a_training_is_begun_and_watched_to_its_end(running, minigpt):
    code, out, _ = minigpt('run', 'training', 'status')
    assert (code, out) == (0, 'nenhum treino\n')
    running.call(running.server.state.set, 'training', TINY, 'x')
    assert minigpt('run', 'training', 'pause')[0] == 1
    assert minigpt('run', 'training', 'dance')[0] == 2
    assert 'começando' in minigpt('run', 'training')[1]
    code, out, _ = minigpt('watch', 'training', '--until-end')
    assert code == 0 and 'terminou, passo 20/20' in out.splitlines()[-1]
    assert 'passo 20/20  perda ' in out and 'perda nos reservados' in out
    code, out, _ = minigpt('watch', 'training', '--until-end', '--json')  # it is over already
    assert code == 0 and json.loads(out.splitlines()[-1])['training']['step'] == 20


def test_watch_tells_a_modules_changes_and_no_others(running, minigpt):
    once_connected(running, ('model', {'text': 'não'}), ('attention', {'step': 2, 'query': 1}))
    code, out, _ = minigpt('watch', 'attention', '--count', 2)
    first, second = out.splitlines()
    assert code == 0 and first.startswith('attention.') and ' · step = ' in first
    assert second.endswith('attention.step = 2 · query = 1  (Rui)')
    code, _, err = minigpt('watch', 'nothing')
    assert code == 1 and 'não há módulo nothing' in err
    out = minigpt('watch', 'metrics', '--every', 0.25, '--count', 2, '--json')[1]
    told = [json.loads(line) for line in out.splitlines()]
    assert [it['type'] for it in told] == ['metrics', 'metrics'] and told[0]['memory_bytes'] > 1e6


def started(running, tmp_path, *argv, **options):
    environment = os.environ | {'MINIGPT_SERVER': running.host, 'XDG_STATE_HOME': str(tmp_path),
                                'MINIGPT_LANG': 'en', 'PYTHONUTF8': '1'}
    return subprocess.Popen([sys.executable, '-m', 'minigpt', *argv], cwd=ROOT, text=True,
                            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            **options)


def test_connect_in_a_pipe_tells_everything_and_ends_quietly(running, tmp_path):
    process = started(running, tmp_path, 'connect', '--controls', '--name', 'Teacher')
    lines = []
    for text in process.stdout:
        lines.append(text)
        if 'Teacher has the controls' in text:
            break
    assert any('attention.' in text for text in lines)
    running.call(running.server.state.set, 'model', {'text': '\x1b[31mred'}, 'Rui')
    assert process.stdout.readline().endswith('model.text = �[31mred  (Rui)\n')
    refused = running.json('PATCH', '/api/v1/modules/model/parameters', {'text': 'x'})
    assert refused[0] == 409 and 'Teacher' in refused[1]['error']['message']['en']
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130 and 'Traceback' not in err
    host = Client('x', 'page', 'k' * 16, True, lambda reason: None)
    running.call(running.server.hub.clients.give, host)


def test_connect_draws_what_changes_in_a_terminal(running, tmp_path):
    pty = pytest.importorskip('pty')
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, '-m', 'minigpt', 'connect', running.host, '--name', 'Zoé'], cwd=ROOT,
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=os.environ | {'TERM': 'xterm-256color', 'XDG_STATE_HOME': str(tmp_path),
                          'MINIGPT_LANG': 'pt', 'LINES': '50', 'COLUMNS': '100'})
    os.close(theirs)
    drawn = ''

    def wait_for(text: str) -> None:
        nonlocal drawn
        while text not in drawn:
            drawn += os.read(ours, 65536).decode('utf-8', 'replace')
    wait_for('conectados:')
    wait_for('Zoé (terminal')
    running.call(running.server.state.set, 'model', {'text': 'lua cheia'}, 'Rui')
    wait_for('model.text = lua cheia  (Rui)')
    process.send_signal(signal.SIGINT)
    wait_for('\x1b[?1049l')  # the terminal is as it was before
    assert process.wait(30) == 130 and 'Traceback' not in drawn
    os.close(ours)


def test_connect_as_json_survives_a_reader_that_goes(running, tmp_path):
    process = started(running, tmp_path, 'connect', '--json')
    welcome, snapshot = (json.loads(process.stdout.readline()) for _ in range(2))
    assert (welcome['type'], snapshot['type']) == ('welcome', 'snapshot')
    process.stdout.close()
    stop = threading.Event()

    def change():
        while not stop.wait(0.05):
            running.call(running.server.state.set, 'model', {'text': 'x' * 1000}, 'Rui')
    changing = threading.Thread(target=change)
    changing.start()
    try:
        assert process.wait(30) == 0
    finally:
        stop.set()
        changing.join()
    assert 'Traceback' not in process.stderr.read()
    process.stderr.close()


def test_without_a_server_one_sentence_says_so(minigpt):
    for argv in (['set', 'model.text', 'x'], ['presets'], ['clients'], ['watch'], ['run', 'demo']):
        code, out, err = minigpt(*argv, '--url', '9')
        assert (code, out) == (1, '')
        assert 'nenhum servidor responde em http://127.0.0.1:9' in err and err.count('\n') == 1
    assert 'não é o endereço' in minigpt('connect', 'ftp://x')[2]


def test_without_tornado_it_says_what_to_install():
    code = ("import sys; sys.modules['tornado'] = None\nfrom minigpt.cli import main\n"
            "sys.exit(main(['set', 'model.text', 'x', '--url', '9', '--lang', 'en']))")
    done = subprocess.run([sys.executable, '-c', code], cwd=ROOT, text=True, capture_output=True,
                          env=os.environ | {'PYTHONPATH': 'py'})
    assert done.returncode == 1 and 'minigpt[server]' in done.stderr


def test_a_persons_key_is_made_once_and_is_theirs_alone(monkeypatch, tmp_path):
    monkeypatch.setenv('XDG_STATE_HOME', str(tmp_path))
    made = person.key()
    assert person.key() == made and person.KEY.fullmatch(made)
    if os.name == 'posix':
        assert stat.S_IMODE((tmp_path / 'minigpt' / 'key').stat().st_mode) == 0o600
    (tmp_path / 'minigpt' / 'key').write_text('broken key')
    assert person.KEY.fullmatch(person.key())
    monkeypatch.setenv('XDG_STATE_HOME', str(tmp_path / 'minigpt' / 'key'))  # a file: no folder
    assert person.key() != person.key()


def test_what_a_terminal_would_obey_is_not_printed():
    assert live_lines.value('\x1b]0;x\x07\u202eabc') == '�]0;x��abc'
    assert live_lines.value('x' * 100) == 'x' * 59 + '…'
    assert live_lines.values('m', {'a': None, 'b': '', 'c': ['x']}) == (
        'm.a = null · b = "" · c = ["x"]')
