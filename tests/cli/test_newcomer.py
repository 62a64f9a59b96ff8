"""Who sits down before `minigpt` for the first time: what is written as people write it is understood,
and what cannot be done is told in one sentence of their language, before any work is lost.
"""

import os

import pytest

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
