"""`minigpt train --log` writes the whole run down."""

import json

import pytest

from minigpt.cli.main import main
from minigpt.training.event_log import read_log

TEXT = ('O rato roeu a roupa do rei de Roma, e a rainha, com raiva, resolveu remendar.\n\n'
        'Quem com ferro fere com ferro será ferido, diz o velho ditado do povo.\n\n') * 30


def test_every_event_is_a_line(tmp_path):
    (tmp_path / 'texto.txt').write_text(TEXT, encoding='utf-8')
    log = tmp_path / 'run.jsonl'
    assert main(['train', str(tmp_path / 'texto.txt'), '--out', str(tmp_path / 'm.safetensors'),
                 '--vocab-size', '270', '--block-size', '16', '--n-embd', '16', '--n-head', '2',
                 '--n-layer', '1', '--batch-size', '2', '--steps', '6', '--eval-every', '3',
                 '--watch-every', '2', '--prompt', 'O rato', '--log', str(log)]) == 0
    lines = [json.loads(line) for line in log.read_text(encoding='utf-8').splitlines()]
    kinds = [line['event'] for line in lines]
    assert kinds[0] == 'Run' and kinds.count('TrainStep') == 6 and kinds.count('Sample') == 2
    assert lines[0]['train_config']['steps'] == 6
    assert [line['step'] for line in lines if 'vitals' in line] == [2, 4, 6]
    sample = next(line for line in lines if line['event'] == 'Sample')
    assert sample['text'].startswith('O rato') and sample['step'] == 3
    losses = [line['loss'] for line in lines if line['event'] == 'TrainStep']
    assert losses[0] == pytest.approx(5.6, abs=0.2)


def test_the_last_rate_is_a_tenth_of_the_one_given(tmp_path):
    (tmp_path / 'texto.txt').write_text(TEXT, encoding='utf-8')
    log = tmp_path / 'run.jsonl'
    train = ['train', str(tmp_path / 'texto.txt'), '--out', str(tmp_path / 'm.safetensors'),
             '--log', str(log), '--learning-rate', '5e-5']
    assert main([*train, '--vocab-size', '270', '--block-size', '16', '--n-embd', '16',
                 '--n-head', '2', '--n-layer', '1', '--batch-size', '2', '--steps', '2']) == 0
    assert main([*train, '--resume', '--steps', '3', '--min-learning-rate', '2e-6']) == 0
    assert [line['train_config']['min_learning_rate'] for line in read_log(log)
            if line['event'] == 'Run'] == [pytest.approx(5e-6), 2e-6]


def test_a_run_that_goes_on_keeps_what_its_log_says(tmp_path):
    (tmp_path / 'texto.txt').write_text(TEXT, encoding='utf-8')
    log = tmp_path / 'run.jsonl'
    train = ['train', str(tmp_path / 'texto.txt'), '--out', str(tmp_path / 'm.safetensors'),
             '--log', str(log)]
    assert main([*train, '--vocab-size', '270', '--block-size', '16', '--n-embd', '16',
                 '--n-head', '2', '--n-layer', '1', '--batch-size', '2', '--steps', '3']) == 0
    first = log.read_text(encoding='utf-8')
    assert main([*train, '--resume', '--steps', '5']) == 0
    assert log.read_text(encoding='utf-8').startswith(first)
    assert [line['step'] for line in read_log(log) if line['event'] == 'TrainStep'] == [1, 2, 3, 4, 5]
