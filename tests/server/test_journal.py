"""What a server had answered when it was killed, and what the next one knows."""

import json
import signal
from dataclasses import replace

import pytest
from serving import Running

from minigpt.lab import shipped_lab
from minigpt.server import store
from minigpt.server.store import Store


def change(server, **values):
    return server.ask('PATCH', '/modules/inference/parameters', values)['seq']


def test_nothing_that_was_answered_is_lost_by_a_kill(started, tmp_path):
    first = started(tmp_path)
    for length in range(1, 41):
        seq = change(first, length=length)
    first.ask('PUT', '/presets/minha', {'values': {'attention': {'head': 2}}})
    assert first.end(signal.SIGKILL) == -signal.SIGKILL  # sooner than the state is written
    second = started(tmp_path)
    found = second.ask('GET', '/state')
    assert found['parameters']['inference']['length'] == 40 and 'minha' in found['presets']
    assert found['seq'] > seq
    # Killed again, before anything was written whole but its own start.
    again = change(second, length=7)
    second.ask('DELETE', '/presets/minha')
    assert second.end(signal.SIGKILL) == -signal.SIGKILL
    third = started(tmp_path).ask('GET', '/state')
    assert third['parameters']['inference']['length'] == 7 and 'minha' not in third['presets']
    assert third['seq'] > again > seq


def test_a_lab_that_was_loaded_is_still_there_after_a_kill(started, tmp_path):
    (tmp_path / 'checkpoints').mkdir()
    replace(shipped_lab(), name='meu', corpus='só isto').save(
        tmp_path / 'checkpoints' / 'meu.safetensors')
    first = started(tmp_path)
    first.ask('POST', '/checkpoints/meu.safetensors/load')
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    second = started(tmp_path)
    assert second.ask('GET', '/state')['lab']['name'] == 'meu'
    second.ask('POST', '/checkpoints/shipped/load')
    assert second.end(signal.SIGKILL) == -signal.SIGKILL
    assert started(tmp_path).ask('GET', '/state')['lab']['shipped']


@pytest.fixture
def unwritten(tmp_path, monkeypatch):
    """A folder in which nothing but the journal was written of what happened."""
    monkeypatch.setattr(store, 'PAUSE', 1000)
    running = Running(folder=tmp_path / 'live')
    running.json('PATCH', '/api/v1/modules/inference/parameters', {'length': 9, 'seed': 5})
    running.json('PATCH', '/api/v1/modules/inference/parameters', {'length': 11})
    (journal,) = (tmp_path / 'live').glob('journal-*.jsonl')
    copy = tmp_path / 'copy'
    copy.mkdir()
    (copy / journal.name).write_bytes(journal.read_bytes())
    running.close()
    return copy / journal.name


def opened(folder):
    return Store(folder).open()


def test_a_line_that_was_cut_off_is_passed_over(unwritten):
    unwritten.write_bytes(unwritten.read_bytes()[:-9])
    state = opened(unwritten.parent)
    assert (state.values('inference')['length'], state.values('inference')['seed']) == (9, 5)


def test_a_lab_that_was_not_written_takes_its_training_with_it_and_nothing_else(unwritten):
    seq = json.loads(unwritten.read_text().splitlines()[-1])['seq']
    with unwritten.open('a') as file:
        for event in ({'type': 'training', 'training': {'status': 'running'}},
                      {'type': 'lab', 'lab': {'shipped': False}},
                      {'type': 'training', 'training': {'status': 'ended'}},
                      {'type': 'change', 'module': 'inference', 'values': {'seed': 6}}):
            seq += 1
            file.write(json.dumps(event | {'seq': seq}) + '\n')
    found = Store(unwritten.parent)
    state = found.open()
    assert found.training['status'] == 'running' and state.values('inference')['seed'] == 6
    assert state.seq == seq and state.lab is shipped_lab()


def test_the_journal_goes_once_the_state_is_written(tmp_path):
    running = Running(folder=tmp_path)
    running.json('PATCH', '/api/v1/modules/inference/parameters', {'length': 9})
    assert list(tmp_path.glob('journal-*'))
    running.do(running.server.store.save())
    assert not list(tmp_path.glob('journal-*'))
    running.close()
    assert not list(tmp_path.glob('journal-*'))
    assert opened(tmp_path).values('inference')['length'] == 9
