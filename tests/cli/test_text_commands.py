"""tokenize, chunk, generate, chat: what they print is what the library computes."""

import numpy as np
import pytest

from minigpt import backend, chunk, generate, shipped
from minigpt.tokenizer.loose_bytes import with_loose_bytes

TEXT = 'O gato dormia. A lua subiu devagar! Quem viu? Ninguém viu nada, a não ser o rio.\n\n' * 8


@pytest.fixture(scope='module')
def tokenizer():
    return shipped.load().tokenizer


def test_tokenize_shows_tokens_and_ids(minigpt, tokenizer):
    ran = minigpt('tokenize', 'A menina abriu')
    ids = tokenizer.encode('A menina abriu')
    assert ran.code == 0
    shown, below = ran.out.splitlines()[:2]
    assert shown.split() == ['A', '·menina', '·abriu']
    assert list(map(int, below.split())) == ids
    assert 'bytes por token: 4,67' in ran.out


def test_tokenize_from_a_pipe_as_json_and_back(minigpt, tokenizer):
    [found] = minigpt('tokenize', '--json', stdin='ação 🦜\n').json
    assert found['ids'] == tokenizer.encode('ação 🦜\n')
    assert found['bytes'] == len('ação 🦜\n'.encode())
    back = minigpt('tokenize', '--decode', *found['ids'], '--json')
    assert back.json == [{'text': 'ação 🦜\n'}]


def test_a_part_of_a_character_is_its_bytes_as_json_and_in_the_terminal(minigpt):
    text = 'A casa 🙂'
    [found] = minigpt('tokenize', text, '--json').json
    assert found['tokens'] == ['A', ' casa', ' ', '⟨f0⟩', '⟨9f⟩', '⟨99⟩', '⟨82⟩']
    assert bytes(map(int, found['ids'][-4:])) == '🙂'.encode()
    ran = minigpt('tokenize', text)
    assert ran.out.split()[:7] == ['A', '·casa', '·', *found['tokens'][3:]]
    assert 'um byte, em hexadecimal' in ran.out
    assert 'hexadecimal' not in minigpt('tokenize', 'A casa').out
    steps = minigpt('tokenize', 'ação é', '--steps', '--json').json
    assert '�' not in ''.join(it['token'] for it in steps)


def test_tokenize_steps_as_json_are_one_a_line(minigpt, tokenizer):
    found = minigpt('tokenize', '--steps', 'coração', '--json').json
    steps = list(tokenizer.encode_steps('coração'))
    assert [(it['merge'], it['token']) for it in found] == [
        (step.rank + 1, with_loose_bytes(step.token)) for step in steps]
    assert found[-1]['tokens_left'] == len(tokenizer.encode('coração'))


def test_a_table_says_how_many_rows_it_leaves_out(minigpt):
    ran = minigpt('chunk', TEXT * 40, '--size', 40, '--strategy', 'fixed')
    count = len(minigpt('chunk', TEXT * 40, '--size', 40, '--strategy', 'fixed', '--json').json)
    assert f'mais {count - 200} linhas; com --json, todas' in ran.out


def test_tokenize_steps_end_with_the_tokens(minigpt, tokenizer):
    ran = minigpt('tokenize', '--steps', 'coração', '--lang', 'en')
    steps = list(tokenizer.encode_steps('coração'))
    rows = [line.split() for line in ran.out.splitlines() if line.strip()[:1].isdigit()]
    assert [int(row[0]) for row in rows] == [step.rank + 1 for step in steps]
    assert int(rows[-1][-1]) == len(tokenizer.encode('coração'))
    assert 'merge no.' in ran.out


def test_no_text_and_no_pipe_is_told(minigpt, tmp_path):
    assert minigpt("tokenize", stdin=" \n").code == 1
    ran = minigpt('tokenize', '--decode', '65', 'x')
    assert (ran.code, ran.out) == (1, '')
    assert minigpt('chunk', '--file', tmp_path / 'nada.txt').code == 1


def test_chunk_prints_what_chunk_cuts(minigpt):
    found = minigpt('chunk', '--strategy', 'sentence', '--size', 120, '--overlap', 0, '--json',
                    stdin=TEXT).json
    expected = chunk(TEXT, 'sentence', 120, 0)
    assert [(it['start'], it['end'], it['text']) for it in found] == [
        (piece.start, piece.end, piece.text) for piece in expected]
    ran = minigpt('chunk', '--strategy', 'sentence', '--size', 120, '--overlap', 0, stdin=TEXT)
    assert f'{len(expected)} chunks de' in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_chunk_in_tokens_counts_tokens(minigpt, tokenizer):
    found = minigpt('chunk', '--tokens', '--size', 20, '--overlap', 4, '--json', stdin=TEXT).json
    assert max(it['tokens'] for it in found) <= 20
    assert found[0]['tokens'] == len(tokenizer.encode(found[0]['text']))


def test_generate_json_holds_the_very_text(minigpt, tokenizer):
    [found] = minigpt('generate', 'Era uma vez', '--seed', 3, '--max-new-tokens', 8, '--json').json
    events = generate(shipped.load().model, tokenizer.encode('Era uma vez'), max_new_tokens=8,
                      rng=np.random.default_rng(3))
    assert found['text'] == tokenizer.decode(event.token_id for event in events)
    assert (found['tokens'], found['seed']) == (8, 3)


def test_quiet_says_only_the_text(minigpt):
    ran = minigpt('generate', 'O rio', '--seed', 1, '--max-new-tokens', 5, '--quiet')
    assert ran.out.startswith('O rio') and ran.err == ''


def test_chat_continues_what_was_said_and_forgets_on_request(minigpt):
    settings = ('chat', '--seed', 1, '--max-new-tokens', 12, '--json', '--quiet')
    one, two = minigpt(*settings, stdin='O gato\nE a lua\n').json
    assert one['prompt'] == 'O gato' and two['prompt'] == 'E a lua'
    again = minigpt(*settings, stdin='O gato\n/quit\nnunca lido\n').json
    assert again == [one]
    ran = minigpt(*settings[:-2], stdin='O gato\n/new\nO gato\n')
    assert 'Esqueci' in ran.err and one['text'] in ran.out


@pytest.mark.parametrize(('argv', 'code', 'words'), [
    (['chunk', '--strategy', 'magia'], 2, "'magia' não é uma escolha"),
    (['chunk', '--size', '0'], 1, 'chunk precisa ser'),
    (['chunk', '--overlap', 'x'], 2, "'x' não é um número"),
    (['generate', '--temperature', 'quente'], 2, "'quente' não é um número"),
    (['generate', '--educational-logs', 'expert'], 2, 'expert'),
    (['nonsense'], 2, 'nonsense'), (['completion'], 2, 'faltam estes argumentos: SHELL'),
    (['generate', '--backend', 'abacus'], 1, 'abacus'),
    (['generate', '--profile', 'x.png'], 1, '.svg'),
    (['generate', '--log-file', '/nowhere/x.jsonl'], 1, '/nowhere/x.jsonl'),
])
def test_misuse_is_2_and_failure_1_each_with_a_sentence(minigpt, argv, code, words):
    ran = minigpt(*argv, stdin=TEXT)
    assert ran.code == code
    assert words in ran.err and 'Traceback' not in ran.err


def test_a_backend_that_cannot_be_had_is_told_before_any_work(minigpt, monkeypatch):
    ran = minigpt('generate', 'Era', '--backend', 'simd')
    assert ran.code == 1 and ran.out == ''
    assert 'WebAssembly' in ran.err and '`auto`' in ran.err
    backend.look_again()
    monkeypatch.setenv('MINIGPT_BACKEND', 'abacus')
    ran = minigpt('generate', 'Era')
    assert ran.code == 1 and ran.out == ''
    assert 'MINIGPT_BACKEND precisa ser um destes: auto' in ran.err
