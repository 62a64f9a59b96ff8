"""list, load, inspect: which checkpoint is which, from their headers and from the inside."""

import os

import numpy as np
import pytest

from minigpt import Checkpoint, shipped
from minigpt.teach.material import small_model, small_text


@pytest.fixture
def folder(tmp_path):
    """Three checkpoints with losses 3, 2 and none; the last is the newest."""
    tokenizer, _ = small_text()
    for number, (name, notes) in enumerate({
            'conto-a': {'step': '100', 'validation_loss': '3.0'},
            'conto-b': {'step': '900', 'validation_loss': '2.0'}, 'novo': {'step': '7'}}.items()):
        path = tmp_path / f'{name}.safetensors'
        Checkpoint(small_model(), tokenizer, notes).save(path)
        os.utime(path, (number, number))
    (tmp_path / 'outro.safetensors').write_bytes(b'nada')
    return tmp_path


@pytest.mark.parametrize(('order', 'names'), [
    ('loss', ['conto-b', 'conto-a', 'novo']), ('step', ['conto-b', 'conto-a', 'novo']),
    ('date', ['novo', 'conto-b', 'conto-a'])])
def test_list_puts_first_what_was_asked_for(minigpt, folder, order, names):
    found = minigpt('list', folder, '--order', order, '--json').json
    assert [os.path.basename(it['path']) for it in found] == [f'{name}.safetensors'
                                                              for name in names]
    assert found[-1]['parameters'] == small_model().n_params
    shown = minigpt('list', folder, '--order', order).out
    assert [name for name in sorted(names, key=shown.index)] == names
    assert '2,000' in shown and 'outro' not in shown


@pytest.mark.parametrize(('options', 'name'), [
    (['--best'], 'conto-b'), ([], 'conto-b'), (['--latest'], 'novo'),
    (['--min-step', 50], 'conto-b'),
    (['--name-pattern', 'conto-a*'], 'conto-a'), (['--max-loss', '2.5'], 'conto-b'),
    (['--latest', '--name-pattern', 'conto*'], 'conto-b')])
def test_load_chooses(minigpt, folder, options, name):
    [found] = minigpt('load', folder, '--info', '--json', *options).json
    assert found['path'].endswith(f'{name}.safetensors')


def test_load_lets_the_model_write_and_tells_how_to_use_it(minigpt, folder):
    ran = minigpt('load', folder, '--best', '--prompt', 'O')
    assert ran.code == 0 and 'conto-b.safetensors' in ran.out
    assert 'minigpt generate --checkpoint' in ran.err
    [found] = minigpt('load', folder, '--best', '--json').json
    assert found['text'] and found['validation_loss'] == 2.0


def test_what_cannot_be_loaded_is_told(minigpt, folder, tmp_path):
    ran = minigpt('load', folder, '--max-loss', '0.1')
    assert ran.code == 1 and 'nenhum checkpoint' in ran.err
    ran = minigpt('load', folder, '--best', '--name-pattern', 'novo')
    assert ran.code == 1 and '--latest' in ran.err
    assert minigpt('load', '--best', '--latest').code == 2
    assert minigpt('list', tmp_path / 'nowhere').code == 1
    (tmp_path / 'empty').mkdir()
    assert 'Nenhum checkpoint' in minigpt('list', tmp_path / 'empty').err


def test_inspect_tells_sizes_parts_and_every_tensor(minigpt):
    model = shipped.load().model
    [found] = minigpt('inspect', '--json').json
    assert found['parameters'] == model.n_params == 937_728
    assert {it['name']: tuple(it['shape']) for it in found['tensors']} == model.shapes
    by_name = {it['name']: it for it in found['tensors']}
    assert by_name['wte.weight']['mean'] == pytest.approx(float(model.params['wte.weight'].mean()),
                                                          abs=1e-6)
    shown = minigpt('inspect').out
    assert '937.728 parâmetros' in shown and 'h.3.mlp.c_proj.bias' in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_inspect_one_tensor(minigpt):
    ran = minigpt('inspect', '--tensor', 'h.0.attn.c_attn.bias', '--json')
    bias = shipped.load().model.params['h.0.attn.c_attn.bias']
    assert ran.json[0]['largest'] == pytest.approx(float(np.max(bias)))
    ran = minigpt('inspect', '--tensor', 'nada')
    assert ran.code == 1 and 'wte.weight' in ran.err
