"""One file that holds a model, its tokenizer, its text and how it came to be."""

import json
from dataclasses import replace

import numpy as np
import pytest

from minigpt import Checkpoint
from minigpt.errors import CheckpointError
from minigpt.formats import safetensors
from minigpt.lab import Lab, shipped_corpus, shipped_lab


@pytest.fixture
def own() -> Lab:
    shipped = shipped_lab()
    flat = shipped.model.flat.astype(np.float16)
    return replace(shipped, name='meu', corpus='O céu é azul. 😀', settings={'exercises': ['a']},
                   snapshots=((10, flat / 2), (200, flat)))


def test_a_lab_comes_back_whole(own, tmp_path):
    own.save(tmp_path / 'lab.safetensors')
    back = Lab.load(tmp_path / 'lab.safetensors')
    assert (back.name, back.corpus, back.settings) == (own.name, own.corpus, own.settings)
    assert np.array_equal(back.model.flat, own.model.flat)
    assert back.tokenizer.to_json() == own.tokenizer.to_json()
    assert [step for step, _ in back.snapshots] == [10, 200]
    assert np.array_equal(back.snapshots[0][1], own.snapshots[0][1])
    assert back.to_bytes() == own.to_bytes()


def test_a_lab_is_a_checkpoint_and_a_checkpoint_a_lab(own, tmp_path):
    path = tmp_path / 'lab.safetensors'
    own.save(path)
    assert np.array_equal(Checkpoint.load(path).model.flat, own.model.flat)
    own.checkpoint.save(path)
    assert Lab.load(path).corpus == shipped_corpus() and Lab.load(path).snapshots == ()


def test_a_text_box_s_lone_surrogate_does_not_stop_the_saving(own):
    assert Lab.from_bytes(replace(own, corpus='a\ud800b').to_bytes()).corpus == 'a?b'


def test_a_model_of_a_training_that_broke_is_no_lab(own):
    tensors, metadata = own.to_parts()
    grown = {name: tensor * np.float32(1e30) if name in own.model.params else tensor
             for name, tensor in tensors.items()}
    assert all(np.isfinite(it).all() for it in grown.values() if it.dtype == np.float32)
    with pytest.raises(CheckpointError, match='wild.*are not numbers.*training that broke'):
        Lab.from_bytes(safetensors.to_bytes(grown, metadata), 'wild')


def test_any_kept_moment_is_a_whole_model(own):
    early = own.at(10)
    assert early.step == 10 and early.snapshots == () and early.corpus == own.corpus
    np.testing.assert_allclose(early.model.params['wte.weight'],
                               own.model.params['wte.weight'] / 2, rtol=1e-3, atol=1e-7)
    assert own.at(200).snapshots == own.snapshots[:1] and own.at(own.step) is own
    ids = np.array([[1, 2, 3]])
    np.testing.assert_allclose(own.at(200).model.forward(ids), own.model.forward(ids), atol=0.02)
    with pytest.raises(CheckpointError, match='10, 200'):
        own.at(11)


def test_token_tables_kept_by_earlier_versions_are_passed_over(own):
    tensors, metadata = replace(own, snapshots=()).to_parts()
    tensors['lab.snapshot.100'] = own.model.params['wte.weight']
    back = Lab.from_parts(tensors, metadata, 'old')
    assert back.snapshots == () and np.array_equal(back.model.flat, own.model.flat)


@pytest.mark.parametrize('note, tensor', [
    ('[]', {}), ('{"name": 3}', {}), ('{"settings": []}', {}), ('{', {}),
    ('{}', {'lab.corpus': np.array([255, 254], np.uint8)}),
    ('{}', {'lab.snapshot.x': np.zeros((2, 2), np.float32)}),
    ('{}', {'lab.snapshot.3': np.zeros((2, 2), np.float32)}),
])
def test_a_lab_that_was_tampered_with_is_refused(own, note, tensor):
    tensors, metadata = own.to_parts()
    data = safetensors.to_bytes(tensors | tensor, metadata | {'lab': note})
    with pytest.raises(CheckpointError):
        Lab.from_bytes(data)


def test_settings_are_kept_as_json(own):
    _, metadata = own.to_parts()
    assert json.loads(metadata['lab'])['settings'] == {'exercises': ['a']}
