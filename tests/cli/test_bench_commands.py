"""benchmark and chunk-bench: what is asked for is measured, told and written."""

import json

import pytest

QUICK = ['--turns', 1, '--runs', 2, '--length', 5000]


def test_rows_are_measured_told_and_written_in_every_format(minigpt, tmp_path):
    files = [tmp_path / f'r{suffix}' for suffix in ('.json', '.html', '.md', '.txt')]
    ran = minigpt('benchmark', 'aos-soa', 'encode-warm', *QUICK,
                  *(word for file in files for word in ('--report', file)))
    assert ran.code == 0
    assert 'estrutura de arrays' in ran.out and 'Memória em MB, medida' in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    found = json.loads(files[0].read_text(encoding='utf-8'))
    assert [row['row'] for row in found['rows']] == ['aos-soa', 'encode-warm']
    assert len(found['rows'][0]['runs']['array of structures']) == 2
    assert all(file.stat().st_size > 500 for file in files)


def test_json_on_stdout_and_a_comparison(minigpt, tmp_path):
    old = tmp_path / 'old.json'
    [found] = minigpt('benchmark', 'copies-views', '--json', '--report', old, *QUICK).json
    for runs in found['rows'][0]['runs'].values():
        runs[:] = [run / 1000 for run in runs] * 8  # as if it had once been a thousand times faster
    old.write_text(json.dumps(found))
    ran = minigpt('benchmark', 'copies-views', '--compare', old, '--turns', 4, '--runs', 4,
                  '--length', 5000)
    assert ran.code == 0
    assert ran.out.count('mais lento') == 2


def test_chunk_bench_measures_each_strategy_at_each_size(minigpt):
    [found] = minigpt('chunk-bench', '--strategies', 'fixed', 'sentence', '--sizes', 200, 400,
                      '--json', *QUICK).json
    assert [row['row'] for row in found['rows']] == [
        'chunk-fixed-200', 'chunk-fixed-400', 'chunk-sentence-200', 'chunk-sentence-400']
    sentence = found['rows'][2]
    assert sentence['quality']['whole_sentences'] > found['rows'][0]['quality']['whole_sentences']
    assert sentence['rates']['minigpt'].keys() == {'characters', 'chunks', 'documents'}
    keys = {item['key'] for item in found['advice']}
    assert {'quickest_chunks', 'best_context_preservation', 'best_boundary_preservation'} <= keys


def test_no_column_gets_lost_in_eighty(minigpt):
    ran = minigpt('chunk-bench', '--strategies', 'adaptive', '--sizes', 1234, *QUICK)
    head = next(line for line in ran.out.splitlines() if 'bits/letra' in line)
    assert head.split() == ['trabalho', 'chunks', 'tamanho', 'bits/letra', 'contexto',
                            'bordas', 'inteiras']
    assert 'chunk-adaptive-1234' in ran.out and max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize('suffix', ['.html', '.svg', '.folded'])
def test_any_command_can_be_profiled(minigpt, tmp_path, suffix):
    path = tmp_path / f'p{suffix}'
    ran = minigpt('generate', 'O rio', '--seed', 1, '--max-new-tokens', 60, '--profile', path)
    assert ran.code == 0 and ran.out.startswith('O rio')
    text = path.read_text(encoding='utf-8')
    assert 'minigpt' in text and f'{path}' in ran.err and 'Memória até' in ran.err


@pytest.mark.parametrize(('argv', 'words'), [
    (['benchmark', 'nonsense'], 'encode-warm'), (['benchmark', '--turns', 0], 'turns'),
    (['benchmark', '--report', 'x.pdf'], '.html'), (['benchmark', '--length', 3], 'length'),
    (['benchmark', '--compare', 'nada.json'], 'nada.json'),
    (['benchmark', '--race', 'aos-soa'], 'aos-soa'),
    (['chunk-bench', '--strategies', 'magia'], 'magia'),
    (['chunk-bench', '--sizes', 0, *QUICK], 'chunk')])
def test_what_cannot_be_measured_is_told_before_measuring(minigpt, argv, words):
    ran = minigpt(*argv)
    assert ran.code == 1 and words in ran.err and ran.out == ''
