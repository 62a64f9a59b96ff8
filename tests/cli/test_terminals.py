"""With rich or without, with colours or none, with UTF-8 or ASCII: the same things are said."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from minigpt.cli import letters, plain, terminal

ROOT = Path(__file__).parents[2]
LESSON = ['lesson', 'backpropagation_by_hand']


def started(*argv, **options):
    environment = os.environ | {'MINIGPT_LANG': 'pt'} | options.pop('env', {})
    return subprocess.Popen([sys.executable, '-m', 'minigpt', *argv], cwd=ROOT, env=environment,
                            **options)


def in_terminal(*argv, env=None, keys: bytes = b'') -> str:
    """What a command writes to a real (pseudo) terminal."""
    ours, theirs = pty.openpty()
    process = started(*argv, stdin=theirs, stdout=theirs, stderr=theirs,
                      env={'TERM': 'xterm-256color', 'COLUMNS': '80'} | (env or {}))
    os.close(theirs)
    os.write(ours, keys)
    written = b''
    while True:
        ready, _, _ = select.select([ours], [], [], 60)
        try:
            piece = os.read(ours, 65536) if ready else b''
        except OSError:  # Linux's way to say that the other end is closed
            piece = b''
        if not piece:
            break
        written += piece
    os.close(ours)
    process.wait(60)
    return written.decode('utf-8')


def words(text: str) -> list[str]:
    return re.findall(r'[\w,]+', text)


def test_plain_text_says_what_rich_says(minigpt, monkeypatch):
    rich = minigpt(*LESSON).out
    monkeypatch.setenv('MINIGPT_PLAIN', '1')
    without = minigpt(*LESSON).out
    assert without != rich and words(without) == words(rich)
    assert max(map(len, without.splitlines())) <= 80


def test_the_core_and_the_commands_load_without_rich():
    code = ("import sys; sys.modules['rich'] = None; import minigpt, minigpt.teach.lesson\n"
            "from minigpt.cli import main\nprint('rich.table' in sys.modules)\n"
            "sys.exit(main(['lesson', '--lang', 'en']))")
    done = subprocess.run([sys.executable, '-c', code], cwd=ROOT, text=True, capture_output=True,
                          env=os.environ | {'MINIGPT_PLAIN': '1', 'PYTHONPATH': 'py'})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('False\n') and 'kv_cache' in done.stdout


def test_colours_in_a_terminal_unless_unwanted():
    colour = re.compile(r'\x1b\[[\d;]*m')
    assert colour.search(in_terminal('lesson'))
    assert not colour.search(in_terminal('lesson', '--no-color'))
    assert not colour.search(in_terminal('lesson', env={'NO_COLOR': '1'}))


def test_a_terminal_without_utf8_gets_letters_and_no_question_marks():
    process = started(*LESSON, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                      env={'PYTHONIOENCODING': 'ascii', 'PYTHONUTF8': '0'})
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    text = out.decode('ascii')
    assert 'Retropropagacao a mao' in text
    asked = (ROOT / 'py/minigpt/locale/lessons/backpropagation_by_hand.pt.md').read_text('utf-8')
    assert text.count('?') <= asked.count('?')


@pytest.mark.parametrize(('letter', 'shown'), [
    ('ç', 'c'), ('█', '#'), ('→', '->'), ('½', '12'), ('\u4f60', '?')])
def test_stand_ins(letter, shown):
    assert letters.stand_in(letter).replace('\u2044', '') == shown
    assert f'a{letter}b'.encode('ascii', letters.NAME).decode()[0] == 'a'


@pytest.mark.parametrize(('said', 'shown'), [
    ('9·10⁻⁹', '9 x 10^-9'), ('de 10⁻¹ a 10⁻¹¹', 'de 10^-1 a 10^-11'), ('w²', 'w^2'),
    ('·gato', '.gato'), ('1·2', '1.2')])
def test_powers_without_their_letters(said, shown):
    assert said.encode('ascii', letters.NAME).decode() == shown


def test_an_interactive_lesson_asks_and_judges_at_once():
    shown = in_terminal(*LESSON, '--interactive', '--no-color', keys=b'\n' * 4 + b'-0,8\nZ\n\n')
    assert 'Certo!' in shown and 'Escolha um destes: A, B, C, D, E.' in shown


def test_what_the_log_tells_keeps_to_the_terminal_s_width():
    written = in_terminal('demo', '--module', 'inference', '--educational-logs', '--no-color')
    assert max(map(len, written.splitlines())) <= 80
    told = ' '.join(written.split())
    assert 'Onde foi o tempo: ' in told and '[sorteio] token 4:' in told
    assert 'entre 1 possível.' in told and 'cabeça de saída' in told


@pytest.mark.parametrize('plainly', ['', '1'])
def test_training_shows_its_progress_and_takes_it_away(tmp_path, plainly):
    text = tmp_path / 't.txt'
    text.write_text('\n\n'.join(f'O gato {i} dormia no telhado.' for i in range(60)))
    shown = in_terminal('train', str(text), '--out', str(tmp_path / 'm.safetensors'),
                        '--steps', '40',
                        '--vocab-size', '280', '--block-size', '16', '--n-embd', '16',
                        '--n-head', '2', '--n-layer', '1', env={'MINIGPT_PLAIN': plainly})
    assert re.search(r'passo \d+/40  perda \d,\d+  [\d.]+ tokens/s', shown)
    assert '\x1b[' in shown and 'Pronto. Pesos em' in shown.replace('\r\n', ' ')


def test_ctrl_c_is_quiet():
    process = started('chat', stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE, text=True)
    assert '/quit' in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert 'Traceback' not in err


def test_tables_keep_to_their_width(capsys):
    plain.table(['a', 'b'], [['1', 'palavra ' * 40], ['22', 'x']], 'rl', terminal.wishes)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= plain.WIDTH
    assert sum('palavra' in line for line in lines) > 3


def test_completion_knows_commands_options_and_choices(minigpt):
    ran = minigpt('completion', 'bash')
    assert ran.code == 0
    assert '--show-attention-maps' in ran.out and 'chunk-bench' in ran.out
    assert 'kv_cache' in ran.out and '_shtab_compgen_files' in ran.out
    assert minigpt('completion', 'cmd').code == 2


def test_help_of_every_command_has_examples_in_both_languages(minigpt):
    from minigpt.cli.parser import COMMANDS
    for lang, word in (('pt', 'exemplo'), ('en', 'example')):
        for command in COMMANDS:
            ran = minigpt(command, '--help', '--lang', lang)
            assert ran.code == 0 and word in ran.out and f'minigpt {command}' in ran.out
            assert max(map(len, ran.out.splitlines())) <= 80, command


def test_web_says_how_to_build_where_there_is_nothing_to_serve(tmp_path):
    process = started('web', '--port', '0', '--dir', str(tmp_path), stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE, text=True)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and 'python build.py' in err


def test_web_serves_a_built_folder(tmp_path):
    import urllib.request
    (tmp_path / 'index.html').write_text('<h1>minigpt</h1>')
    process = started('web', '--port', '0', '--dir', str(tmp_path), stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE, text=True)
    try:
        address = re.search(r'http://\S+/', process.stdout.readline())[0]
        assert urllib.request.urlopen(address, timeout=30).read() == b'<h1>minigpt</h1>'
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
