"""GPT-2 folders go both ways: what `transformers` saved computes the same here."""

import json
from pathlib import Path

import numpy as np
import pytest

from minigpt.errors import CheckpointError
from minigpt.formats import gpt2_folder, safetensors
from minigpt.formats.gpt2_names import config_from_hf, config_to_hf
from minigpt.nn.config import GPTConfig
from minigpt.nn.model import GPT

GOLDEN = np.load(Path(__file__).parents[1] / 'golden' / 'formats.npz')


@pytest.fixture(params=['tied', 'untied'])
def name(request):
    return request.param


def write_golden(folder, name):
    (folder / 'config.json').write_bytes(GOLDEN[f'{name}.config'].tobytes())
    (folder / 'model.safetensors').write_bytes(GOLDEN[f'{name}.weights'].tobytes())


def change_weights(folder, change):
    tensors, _ = safetensors.load(folder / 'model.safetensors')
    safetensors.save(folder / 'model.safetensors', change(tensors), {'format': 'pt'})


def change_config(folder, **changes):
    settings = json.loads((folder / 'config.json').read_text()) | changes
    (folder / 'config.json').write_text(json.dumps(settings))


def test_logits_are_those_of_transformers(tmp_path, name):
    write_golden(tmp_path, name)
    model = gpt2_folder.load(tmp_path)
    np.testing.assert_allclose(model.forward(GOLDEN[f'{name}.ids']), GOLDEN[f'{name}.logits'],
                               rtol=0, atol=1e-5)


def test_our_folder_has_the_files_of_transformers(tmp_path, name):
    write_golden(tmp_path, name)
    gpt2_folder.save(gpt2_folder.load(tmp_path), tmp_path / 'ours')
    theirs, _ = safetensors.load(tmp_path / 'model.safetensors')
    ours, metadata = safetensors.load(tmp_path / 'ours' / 'model.safetensors')
    assert metadata == {'format': 'pt'}
    assert ours.keys() == theirs.keys()
    assert all(np.array_equal(ours[tensor], theirs[tensor]) for tensor in ours)
    settings = json.loads((tmp_path / 'config.json').read_text())
    ours = json.loads((tmp_path / 'ours' / 'config.json').read_text())
    assert ours == {entry: settings.get(entry) for entry in ours}


def test_names_without_a_prefix_masks_and_a_copied_head_are_understood(tmp_path):
    write_golden(tmp_path, 'tied')
    expected = gpt2_folder.load(tmp_path).flat

    def as_old_files_are(tensors):
        bare = {key.removeprefix('transformer.'): tensor for key, tensor in tensors.items()}
        return bare | {'h.0.attn.bias': np.ones((1, 1, 12, 12), np.float32),
                       'h.0.attn.masked_bias': np.array(-1e4, np.float32),
                       'lm_head.weight': bare['wte.weight']}

    change_weights(tmp_path, as_old_files_are)
    np.testing.assert_array_equal(gpt2_folder.load(tmp_path).flat, expected)


def test_half_precision_weights_are_read_as_float32(tmp_path):
    write_golden(tmp_path, 'tied')
    exact = gpt2_folder.load(tmp_path)
    change_weights(tmp_path, lambda tensors: {
        key: tensor.astype(np.float16) for key, tensor in tensors.items()})
    model = gpt2_folder.load(tmp_path)
    assert model.flat.dtype == np.float32
    np.testing.assert_array_equal(model.flat, exact.flat.astype(np.float16))


@pytest.mark.parametrize(('changes', 'named'), [
    ({'model_type': 'llama'}, 'model_type'), ({'activation_function': 'gelu'}, 'activation'),
    ({'layer_norm_epsilon': 1e-6}, 'layer_norm_epsilon'), ({'n_inner': 30}, 'n_inner'),
    ({'scale_attn_by_inverse_layer_idx': True}, 'inverse_layer'), ({'n_layer': 3}, 'layers'),
    ({'n_head': 5}, 'n_head'), ({'vocab_size': 10 ** 12}, 'wte.weight'),
    ({'n_positions': '12'}, 'n_positions|block_size|wpe'), ({'n_layer': 1}, 'unexpected'),
    ({'tie_word_embeddings': None}, 'tie_word_embeddings')])
def test_a_config_that_is_not_ours_is_refused(tmp_path, changes, named):
    write_golden(tmp_path, 'tied')
    change_config(tmp_path, **changes)
    with pytest.raises(CheckpointError, match=named):
        gpt2_folder.load(tmp_path)


@pytest.mark.parametrize('change', [
    lambda tensors: {**tensors, 'lm_head.weight': tensors['transformer.wte.weight'] + 1},
    lambda tensors: {**tensors, 'extra': np.zeros(3, np.float32)},
    lambda tensors: {key: tensor for key, tensor in tensors.items() if 'ln_f.bias' not in key},
    lambda tensors: {key: tensor.T for key, tensor in tensors.items()},
    lambda tensors: {key: tensor * np.float32('nan') for key, tensor in tensors.items()},
    lambda tensors: {key: tensor.astype(np.int32) for key, tensor in tensors.items()}])
def test_weights_that_do_not_fit_are_refused(tmp_path, change):
    write_golden(tmp_path, 'tied')
    change_weights(tmp_path, change)
    with pytest.raises(CheckpointError, match='not a GPT-2 model'):
        gpt2_folder.load(tmp_path)


def test_missing_files_are_named(tmp_path):
    with pytest.raises(CheckpointError, match='model.safetensors'):
        gpt2_folder.load(tmp_path)
    write_golden(tmp_path, 'tied')
    (tmp_path / 'config.json').unlink()
    with pytest.raises(CheckpointError, match='config.json'):
        gpt2_folder.load(tmp_path)


def test_a_model_with_other_switches_is_not_saved_as_gpt2(tmp_path):
    sizes = {'vocab_size': 11, 'block_size': 4, 'n_embd': 4, 'n_head': 2, 'n_layer': 1}
    for switch in ({'position': 'rope'}, {'norm': 'rmsnorm'}, {'activation': 'swiglu'},
                   {'n_kv_head': 1}):
        with pytest.raises(CheckpointError, match='which GPT-2 does not have'):
            gpt2_folder.save(GPT(GPTConfig(**sizes, **switch)), tmp_path)
    assert not list(tmp_path.iterdir())


def test_config_maps_both_ways():
    config = GPTConfig(vocab_size=11, block_size=4, n_embd=4, n_head=2, n_layer=1, dropout=0.25,
                       activation='relu', tied_head=False)
    assert config_from_hf(config_to_hf(config)) == config


def test_what_config_json_leaves_out_is_gpt2s():
    config = config_from_hf({'model_type': 'gpt2'})
    assert (config.vocab_size, config.block_size, config.n_embd) == (50257, 1024, 768)
