"""Who sits down before `minigpt` for the first time: what is written as people write it is understood,
and what cannot be done is told in one sentence of their language, before any work is lost.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = 'O gato dorme.\n\n' + '\n\n'.join(f'Era uma vez o rato {i}, que roía.' for i in range(300))
SMALL = ['--vocab-size', '300', '--block-size', '16', '--n-embd', '16', '--n-head', '2',
         '--n-layer', '1', '--batch-size', '4', '--steps', '2']


def test_no_command_at_all_shows_what_there_is(minigpt):
    ran = minigpt()
    assert ran.code == 2 and ran.err == ''
    assert 'um GPT para desmontar' in ran.out and 'generate' in ran.out


@pytest.mark.parametrize('args', [
    ['generate', 'Era', '--max-new-tokens', 4, '--seed', 1, '--json', '--temperature'],
    ['chunk', 'Um gato. Dois gatos. Três gatos.', '--size', 12, '--json', '--overlap']])
def test_a_number_may_have_a_comma(minigpt, args):
    point, comma = ([it | {'tokens_per_second': 0} for it in minigpt(*args, number).json]
                    for number in ('0.5', '0,5'))
    assert point == comma


@pytest.mark.parametrize(('args', 'said'), [
    (['generate', '--temprature', '1'], '--temprature; você quis dizer --temperature?'),
    (['train', '--lerning-rate=1'], '--lerning-rate=1; você quis dizer --learning-rate?'),
    (['generate', 'Era', '--nosuch'], 'argumentos desconhecidos: --nosuch'),
    (['generate', 'Era', 'uma', 'vez'], 'uma vez; um texto com espaços vai entre aspas')])
def test_a_command_says_what_it_does_not_know(minigpt, args, said):
    ran = minigpt(*args)
    assert ran.code == 2 and ran.err.startswith(f'uso: minigpt {args[0]} ')
    assert ran.err.rstrip().endswith(said)


@pytest.mark.parametrize(('args', 'meant'), [
    (['tokenise', 'oi'], 'tokenize'), (['lesson', 'kv_cach'], 'kv_cache'),
    (['chunk', 'oi', '--strategy', 'sentences'], 'sentence'),
    (['list', '--order', 'lose'], 'loss')])
def test_a_choice_that_is_misspelt_is_told_which_was_meant(minigpt, args, meant):
    ran = minigpt(*args)
    assert ran.code == 2 and ran.err.rstrip().endswith(f'; você quis dizer {meant}?')
    assert 'você quis dizer' not in minigpt('xyzzy').err


@pytest.mark.parametrize(('asked', 'meant'), [
    (['help'], ['--help']), (['help', 'train'], ['train', '--help']),
    (['help', '--lang', 'en'], ['--help', '--lang', 'en'])])
def test_help_is_also_a_word(minigpt, asked, meant):
    ran = minigpt(*asked)
    assert ran == minigpt(*meant) and ran.code == 0 and '--help' in ran.out


def test_the_language_may_be_said_before_the_command(minigpt):
    before, after = (minigpt(*args) for args in (
        ('--lang', 'en', 'tokenize', 'A menina'), ('tokenize', 'A menina', '--lang', 'en')))
    assert before == after and 'bytes per token' in before.out
    assert 'bytes por token' in minigpt('tokenize', 'A menina').out


def test_the_address_of_a_server_is_taken_as_the_errors_advise(minigpt):
    for args in (['connect', '--url', '127.0.0.1:1'], ['connect', '127.0.0.1:1'],
                 ['clients', '--url', '127.0.0.1:1']):
        ran = minigpt(*args)
        assert ran.code == 1 and 'nenhum servidor responde em http://127.0.0.1:1;' in ran.err


@pytest.mark.parametrize('port', [99999, -1, 'x'])
def test_a_port_is_refused_by_the_command_that_was_given_it(minigpt, port):
    ran = minigpt('web', '--port', port)
    assert ran.code == 2 and ran.err.startswith('uso: minigpt web ')
    assert ran.err.rstrip().endswith(f"'{port}' não é um número de porta, de 0 a 65535")


def test_a_file_of_another_kind_is_not_taken_for_a_damaged_one(minigpt, tmp_path):
    (tmp_path / 'notas.txt').write_text(TEXT, encoding='utf-8')
    ran = minigpt('inspect', tmp_path / 'notas.txt')
    assert ran.code == 1 and 'não começa como um' in ran.err and 'bytes' not in ran.err
    ran = minigpt('benchmark', 'encode-warm', '--compare', tmp_path / 'nada.json')
    assert ran.code == 1 and 'não existe esse arquivo' in ran.err


def test_bytes_in_a_pipe_that_are_no_text_are_the_pipe_s(minigpt):
    ran = minigpt('tokenize', stdin=b'a\xff')
    assert ran.code == 1 and 'stdin não é texto em UTF-8' in ran.err


@pytest.mark.parametrize(('args', 'said'), [
    (['generate', '--temperature', 'quente'], "'quente' não é um número"),
    (['generate', '--max-new-tokens', '1.5'], "'1.5' não é um número inteiro"),
    (['chunk', 'oi', '--overlap', 'muito'], "'muito' não é um número"),
    *((command, "'-1' não é um número inteiro a partir de 0") for command in (
        ['generate', '--seed', -1], ['chat', '--seed', -1], ['demo', '--seed', -1],
        ['load', '--seed', -1]))])
def test_what_is_no_number_is_told_so(minigpt, args, said):
    ran = minigpt(*args)
    assert ran.code == 2
    assert ran.err.rstrip().endswith(said)


def test_the_system_s_reasons_are_told_in_the_reader_s_language(minigpt, tmp_path):
    (tmp_path / 'f.txt').write_text('x')
    for args, said in [
            (['tokenize', '--file', tmp_path / 'nada'], 'nada: não existe esse arquivo ou essa pasta'),
            (['generate', '--checkpoint', tmp_path], 'é uma pasta, não um arquivo'),
            (['list', tmp_path / 'nada'], 'não existe esse arquivo ou essa pasta'),
            (['list', tmp_path / 'f.txt'], 'não é uma pasta')]:
        ran = minigpt(*args)
        assert ran.code == 1 and ran.err.rstrip().endswith(said), ran.err
    assert 'no such file or folder' in minigpt('inspect', tmp_path / 'nada', '--lang', 'en').err


@pytest.mark.parametrize(('option', 'place', 'said'), [
    ('--out', 'nada/m.safetensors', 'não existe a pasta'), ('--out', '.', 'é uma pasta'),
    ('--log', 'nada/run.jsonl', 'não existe a pasta'), ('--log-file', 'nada/x', 'não existe a pasta'),
    ('--profile', 'nada/x.svg', 'não existe a pasta')])
def test_a_place_that_no_file_can_be_put_into_is_told_before_the_training(
        minigpt, tmp_path, option, place, said):
    (tmp_path / 't.txt').write_text(TEXT, encoding='utf-8')
    ran = minigpt('train', tmp_path / 't.txt', '--out', tmp_path / 'm.safetensors', *SMALL,
                  option, tmp_path / place)
    assert ran.code == 1 and said in ran.err
    assert 'tokens para treinar' not in ran.err
    assert os.listdir(tmp_path) == ['t.txt']


def test_a_folder_that_may_not_be_written_in_is_told_before_the_training(
        minigpt, tmp_path, monkeypatch):
    (tmp_path / 't.txt').write_text(TEXT, encoding='utf-8')
    monkeypatch.setattr(os, 'access', lambda path, mode: False)  # chmod does not stop root
    ran = minigpt('train', tmp_path / 't.txt', '--out', tmp_path / 'm.safetensors', *SMALL)
    assert ran.code == 1 and f'não há permissão para gravar na pasta {tmp_path}' in ran.err
    assert 'tokens para treinar' not in ran.err


@pytest.mark.skipif(not os.path.isdir('/proc/self'), reason='a folder that takes no files')
def test_a_file_that_cannot_be_made_is_told_by_its_own_name(minigpt, tmp_path):
    (tmp_path / 't.txt').write_text(TEXT, encoding='utf-8')
    ran = minigpt('train', tmp_path / 't.txt', '--out', '/proc/m.safetensors', *SMALL)
    assert ran.code == 1 and '.part' not in ran.err
    assert 'minigpt: /proc/m.resume.safetensors: ' in ran.err or 'não há permissão' in ran.err


def test_ctrl_c_while_python_still_loads_is_quiet(tmp_path):
    (tmp_path / 'numpy').mkdir()
    (tmp_path / 'numpy' / '__init__.py').write_text('raise KeyboardInterrupt')
    ran = subprocess.run([sys.executable, ROOT / 'minigpt.py', 'tokenize', 'oi'], text=True,
                         capture_output=True, env=os.environ | {'PYTHONPATH': str(tmp_path)})
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, '', '')


def test_a_report_s_place_is_looked_at_before_anything_is_measured(minigpt, tmp_path):
    ran = minigpt('benchmark', 'encode-warm', '--report', tmp_path / 'nada' / 'r.json', '--json')
    assert ran.code == 1 and 'não existe a pasta' in ran.err and ran.out == ''


def test_the_vocabulary_that_was_asked_for_is_the_one_that_is_too_small(minigpt, tmp_path):
    (tmp_path / 't.txt').write_text(TEXT, encoding='utf-8')
    ran = minigpt('train', tmp_path / 't.txt', '--out', tmp_path / 'm.safetensors',
                  '--vocab-size', 256)
    assert ran.code == 1 and 'veio 256' in ran.err


@pytest.mark.parametrize('lang', ['pt', 'en'])
def test_a_folder_without_a_site_is_refused_in_the_reader_s_language(minigpt, tmp_path, lang):
    ran = minigpt('web', '--dir', tmp_path / 'none', '--lang', lang)
    said = 'não tem index.html' if lang == 'pt' else 'has no index.html'
    assert ran.code != 0 and said in ran.err and ran.err.startswith('minigpt')
