"""A server that is killed in mid-training, or asked to end, and what the next one finds."""

import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from killing import ENV

from minigpt.errors import ServerError
from minigpt.lab import Lab
from minigpt.server.store import Store
from minigpt.server.training_worker import JOB, ORIGIN, RUN

TINY = {'steps': 1200, 'n_layer': 1, 'n_embd': 32, 'n_head': 2, 'block_size': 16, 'batch_size': 6,
        'vocab_size': 300, 'eval_every': 50, 'eval_batches': 2, 'dropout': 0.1}
TEXT = ''.join(f'O rato número {i} roeu {i * i} roupas do rei de Roma.\n\n' for i in range(120))


def test_a_killed_server_resumes_the_training_to_the_very_same_model(started, tmp_path):
    folder, other = tmp_path / 'state', tmp_path / 'unharmed'
    first = started(folder)
    first.ask('PATCH', '/modules/attention/parameters', {'layer': 3, 'text': 'é isso'})
    first.ask('PUT', '/presets/minha', {'modules': ['attention']})
    first.ask('POST', '/training', {'settings': TINY, 'text': TEXT})
    other.mkdir()
    for name in (JOB, ORIGIN):
        shutil.copy(folder / 'training' / name, other)
    first.wait_for(lambda told: told['step'] >= 30 and (folder / 'training' / RUN).exists())
    seq = first.ask('GET', '/state')['seq']
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    resting = Lab.load(folder / 'training' / RUN)
    assert 0 < resting.step < TINY['steps']

    second = started(folder)
    state = second.ask('GET', '/state')
    assert state['parameters']['attention'] | {'layer': 3, 'text': 'é isso'} == (
        state['parameters']['attention'])
    assert state['parameters']['training']['n_embd'] == 32 and 'minha' in state['presets']
    assert state['seq'] > seq  # a number is never used twice
    assert second.ask('GET', '/history?since=0')['complete'] is False
    told = second.wait_for(lambda told: told['status'] == 'ended')
    assert told['step'] == TINY['steps']
    assert second.ask('GET', '/state')['lab']['step'] == TINY['steps']
    curve = second.ask('GET', '/training/curves')['validation_loss']
    assert [step for step, _ in curve] == list(range(50, TINY['steps'] + 1, 50))
    assert second.end(signal.SIGTERM) == 0

    subprocess.run([sys.executable, '-m', 'minigpt.server.training_worker', str(other)], env=ENV,
                   stdin=(held := os.pipe())[0],  # open, and silent
                   stdout=subprocess.DEVNULL, check=True, timeout=120)
    os.close(held[0]), os.close(held[1])
    unharmed, resumed = Lab.load(other / RUN), Lab.load(folder / 'training' / RUN)
    assert np.array_equal(unharmed.model.flat, resumed.model.flat)
    assert unharmed.metadata == resumed.metadata

    third = Store(folder)
    state = third.open()
    assert np.array_equal(state.lab.model.flat, unharmed.model.flat)
    assert state.lab.corpus == TEXT and third.training['status'] == 'ended'


def test_a_server_asked_to_end_saves_and_lets_the_training_rest(started, tmp_path):
    first = started(tmp_path)
    first.ask('POST', '/training', {'settings': TINY | {'steps': 20_000}, 'text': TEXT})
    first.wait_for(lambda told: told['step'] > 10)
    first.ask('PATCH', '/modules/model/parameters', {'plan': 'gpt2'})
    seq = first.ask('GET', '/state')['seq']
    assert first.end(signal.SIGINT) == 0
    rested = Lab.load(tmp_path / 'training' / RUN).step
    second = started(tmp_path)
    assert second.ask('GET', '/state')['parameters']['model']['plan'] == 'gpt2'
    assert seq <= second.ask('GET', '/state')['seq'] < seq + 50
    second.ask('POST', '/training/pause')
    told = second.wait_for(lambda told: told['status'] == 'paused')
    assert told['step'] >= rested > 10
    assert second.end(signal.SIGTERM) == 0
    third = started(tmp_path)
    assert third.ask('GET', '/training')['training']['status'] == 'paused'
    assert third.ask('POST', '/training/stop')['status'] == 'ended'
    assert third.ask('GET', '/state')['lab']['step'] == told['step']


def test_a_folder_has_one_server(tmp_path):
    first = Store(tmp_path)
    first.open()
    with pytest.raises(ServerError, match='another server uses'):
        Store(tmp_path).open()


@pytest.mark.parametrize('text', ['{', '[]', '{"format": 2}', '{"format": 1}', '\x00', 'null'])
def test_a_damaged_state_is_named_and_left_as_it_is(tmp_path, text):
    (tmp_path / 'state.json').write_text(text)
    with pytest.raises(ServerError, match=r'cannot read the state in .*state\.json'):
        Store(tmp_path).open()
    assert (tmp_path / 'state.json').read_text() == text
