"""The folder of the state: what is written when, and a disk that does not take it."""

import json
import shutil
import time
from dataclasses import replace

import numpy as np
import pytest
from serving import Running

from minigpt.lab import shipped_lab
from minigpt.server import store
from minigpt.server.store import Store


@pytest.fixture
def running(tmp_path, monkeypatch):
    monkeypatch.setattr(store, 'PAUSE', 0.01)
    monkeypatch.setattr(store, 'AGAIN', 0.05)
    running = Running(folder=tmp_path / 'state')
    yield running
    running.close()


def until(fits, seconds=30):
    end = time.monotonic() + seconds
    while not fits():
        assert time.monotonic() < end
        time.sleep(0.01)


def kept(running):
    path = running.server.store.folder / 'state.json'
    return json.loads(path.read_text()) if path.exists() else None


def patch(running, length):
    return running.json('PATCH', '/api/v1/modules/inference/parameters', {'length': length})[0]


def test_a_change_is_written_soon_and_numbers_are_reserved(running):
    assert kept(running) is None
    patch(running, 11)
    until(lambda: kept(running))
    said = kept(running)
    assert said['parameters']['inference']['length'] == 11 and said['lab'] is None
    assert said['reserved'] >= running.server.state.seq + 1000


def test_a_disk_that_does_not_take_it_stops_nobody(running):
    folder = running.server.store.folder
    shutil.rmtree(folder)
    folder.write_text('in the way')
    assert patch(running, 12) == 200
    time.sleep(0.2)  # some tries
    assert patch(running, 13) == 200
    folder.unlink()
    folder.mkdir()
    until(lambda: kept(running) and kept(running)['parameters']['inference']['length'] == 13)


def test_one_lab_is_kept_the_one_in_use(running):
    state, folder = running.server.state, running.server.store.folder
    for name in ('um', 'dois'):
        lab = replace(shipped_lab(), name=name)
        running.call(state.set_lab, lab, 'ana')
        until(lambda: kept(running) and kept(running)['lab'] == f'lab-{state.seq}.safetensors')
    until(lambda: [it.name for it in folder.glob('lab-*')] == [f'lab-{state.seq}.safetensors'])
    running.call(state.set_lab, shipped_lab(), 'ana')
    until(lambda: kept(running)['lab'] is None and not list(folder.glob('lab-*')))


def test_it_opens_as_it_was_left(tmp_path):
    running = Running(folder=tmp_path)
    running.json('PUT', '/api/v1/presets/da%20aula',
                 {'values': {'attention': {'layer': 2}}})
    patch(running, 14)
    lab = replace(shipped_lab(), name='meu', corpus='só isto')
    running.call(running.server.state.set_lab, lab, 'ana')
    seq = running.server.state.seq
    running.close()
    (tmp_path / '.state.json-half').write_text('{')  # of a crash
    again = Store(tmp_path)
    state = again.open()
    assert state.values('inference')['length'] == 14 and state.seq == seq
    assert (state.lab.name, state.lab.corpus) == ('meu', 'só isto')
    assert np.array_equal(state.lab.model.flat, lab.model.flat)
    assert again.presets['da aula']['values'] == {'attention': {'layer': 2}}
    assert not (tmp_path / '.state.json-half').exists()


def test_values_that_no_longer_fit_are_as_at_first(tmp_path):
    Running(folder=tmp_path).close()
    path = tmp_path / 'state.json'
    said = json.loads(path.read_text())
    said['parameters']['attention'] |= {'layer': 77, 'head': 2, 'gone': 1}
    del said['parameters']['sample']
    path.write_text(json.dumps(said))
    state = Store(tmp_path).open()
    assert (state.values('attention')['layer'], state.values('attention')['head']) == (1, 2)
    assert state.values('sample') == state.module('sample').defaults()


def test_a_checkpoint_or_training_that_cannot_be_written_is_said(running):
    shutil.rmtree(running.server.store.checkpoints)
    status, said = running.json('PUT', '/api/v1/checkpoints/meu.safetensors')
    assert (status, said['error']['code']) == (507, 'disk_refused')
    shutil.rmtree(running.server.store.training_folder)
    status, said = running.json('POST', '/api/v1/training', {})
    assert (status, said['error']['code']) == (507, 'disk_refused')
    assert running.json('GET', '/api/v1/training')[1] == {'training': None}
