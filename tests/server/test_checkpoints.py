"""Labs are saved to and loaded from the server's own folder, and from nowhere else."""

from dataclasses import replace

import numpy as np
import pytest
from serving import Running

from minigpt.lab import Lab, shipped_lab


@pytest.fixture(scope='module')
def running(tmp_path_factory):
    running = Running(folder=tmp_path_factory.mktemp('state'))
    yield running
    running.close()


def test_a_lab_comes_back_as_it_was_saved(running):
    mine = replace(shipped_lab(), name='meu', corpus='Só isto.')
    running.call(running.server.state.set_lab, mine, 'ana')
    status, said = running.json('PUT', '/api/v1/checkpoints/meu.safetensors')
    assert status == 200 and said['bytes'] > 1_000_000
    assert running.json('POST', '/api/v1/checkpoints/shipped/load')[1]['lab']['shipped'] is True
    status, said = running.json('POST', '/api/v1/checkpoints/meu.safetensors/load')
    assert (said['lab']['name'], said['lab']['characters']) == ('meu', 8)
    lab = running.server.state.lab
    assert lab.corpus == 'Só isto.' and np.array_equal(lab.model.flat, mine.model.flat)
    names = [it['name'] for it in running.json('GET', '/api/v1/checkpoints')[1]['checkpoints']]
    assert names == ['shipped', 'meu.safetensors']


@pytest.mark.parametrize('name', [
    '..%2fstate.json', '..%2f..%2fmeu.safetensors', '%2fetc%2fpasswd', '..', '%2e%2e',
    'a%00.safetensors', '.hidden.safetensors', 'meu', 'meu.safetensors%2f..', 'a%5cb.safetensors',
    'C:meu.safetensors', 'meu.safetensors.', 'x' * 200 + '.safetensors', 'meu.safetensors%0a'])
def test_no_name_leads_out_of_the_folder(running, name):
    def kept():
        """But the lab in use, which the server writes when it finds the time."""
        return {it: it.stat().st_mtime for it in running.server.store.folder.rglob('*.safetensors')
                if not it.name.startswith('lab-')}
    before = kept()
    for method, path in (('PUT', ''), ('DELETE', ''), ('POST', '/load')):
        status, said = running.json(method, f'/api/v1/checkpoints/{name}{path}')
        assert status in (400, 404) and said['error']['code'] in (
            'bad_checkpoint_name', 'not_found')
    assert kept() == before


def test_a_link_is_not_followed(running, tmp_path):
    outside = tmp_path / 'fora.safetensors'
    shipped_lab().save(outside)
    saved = outside.read_bytes()
    (running.server.store.checkpoints / 'elo.safetensors').symlink_to(outside)
    for method, path in (('PUT', ''), ('DELETE', ''), ('POST', '/load')):
        status, said = running.json(method, f'/api/v1/checkpoints/elo.safetensors{path}')
        assert (status, said['error']['code']) == (400, 'bad_checkpoint_name')
    assert outside.read_bytes() == saved


def test_a_file_that_is_no_checkpoint_changes_nothing(running):
    (running.server.store.checkpoints / 'mau.safetensors').write_bytes(b'\x08' + b'\x00' * 20)
    lab, seq = running.server.state.lab, running.server.state.seq
    status, said = running.json('POST', '/api/v1/checkpoints/mau.safetensors/load')
    assert status == 400 and said['error']['message']['pt']
    assert running.server.state.lab is lab and running.server.state.seq == seq
    status, said = running.json('POST', '/api/v1/checkpoints/nenhum.safetensors/load')
    assert (status, said['error']['code']) == (404, 'unknown_checkpoint')
    assert isinstance(lab, Lab)
