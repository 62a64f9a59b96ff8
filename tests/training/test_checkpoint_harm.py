"""What stands in a checkpoint's file is what is loaded, or the file is refused: nothing is guessed."""

import json

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, Checkpoint, GPTConfig, TrainConfig
from minigpt.errors import CheckpointError
from minigpt.inference import KVCache, generate
from minigpt.training import TrainState


@pytest.fixture
def parts():
    model = GPT(GPTConfig(256, 8, 8, 2, 1), np.random.default_rng(0))
    config = TrainConfig(steps=3)
    tensors, notes = Checkpoint(model, BPETokenizer([]), {}, config,
                                TrainState(model, config)).to_parts()
    return dict(tensors), dict(notes)


@pytest.mark.parametrize('harm', [
    lambda it: it[:1], lambda it: it[0], lambda it: it[:-1], lambda it: it.astype(np.float16)],
    ids=['one', 'number', 'short', 'half'])
def test_an_optimizer_s_memory_of_another_kind_is_refused(parts, harm):
    tensors, notes = parts
    tensors['optimizer.mean'] = harm(tensors['optimizer.mean'])
    with pytest.raises(CheckpointError, match='optimizer.mean'):
        Checkpoint.from_parts(tensors, notes, 'x')


@pytest.mark.parametrize('sizes', [{'n_layer': 10 ** 9}, {'vocab_size': 10 ** 6},
                                   {'n_embd': 8 * 10 ** 8}, {'block_size': 10 ** 9}])
def test_a_config_larger_than_its_weights_is_refused_before_memory_is_taken(parts, sizes):
    tensors, notes = parts
    notes['config'] = json.dumps(json.loads(notes['config']) | sizes)
    with pytest.raises(CheckpointError, match='x cannot be used as a checkpoint: .*'
                                              '(missing or not of shape|fewer than)'):
        Checkpoint.from_parts(tensors, notes, 'x')


@pytest.mark.parametrize(('harm', 'said'), [
    (lambda tensors, notes: notes.update(config='{'), 'não é JSON a partir da linha 1, coluna 2'),
    (lambda tensors, notes: notes.pop('config'), 'falta config'),
    (lambda tensors, notes: notes.update(config='{"n_head": 0}'), 'inteiro a partir de 1, veio 0'),
    (lambda tensors, notes: notes.update(tokenizer='{"model": {}}'), 'falta decoder'),
    (lambda tensors, notes: notes.update(train_config='[]'), 'o Python diz: '),
    (lambda tensors, notes: tensors.pop('h.0.ln_1.weight'), 'tem menos de 1 camadas'),
    (lambda tensors, notes: tensors['ln_f.bias'].fill(np.nan), 'ln_f.bias tem um valor que não é')])
def test_what_is_wrong_is_told_in_the_language_of_the_reader(parts, harm, said):
    tensors, notes = ({name: it.copy() if isinstance(it, np.ndarray) else it
                       for name, it in part.items()} for part in parts)
    harm(tensors, notes)
    with pytest.raises(CheckpointError) as error:
        Checkpoint.from_parts(tensors, notes, 'x')
    assert 'x não serve como checkpoint: ' in error.value.in_language('pt')
    assert said in error.value.in_language('pt')


@pytest.mark.parametrize('position', ['rope', 'sinusoidal'])
def test_a_context_beyond_reason_is_refused_and_one_within_takes_no_room(parts, position):
    tensors, notes = parts
    del tensors['wpe.weight']
    notes.pop('train_state')
    for size in (2 ** 20, 2 ** 20 + 1, 10 ** 30):
        notes['config'] = json.dumps({'vocab_size': 256, 'block_size': size, 'n_embd': 8,
                                      'n_head': 2, 'n_layer': 1, 'position': position})
        if size > 2 ** 20:
            with pytest.raises(CheckpointError, match=f'block_size. is {size}'):
                Checkpoint.from_parts(tensors, notes, 'x')
        else:
            model = Checkpoint.from_parts(tensors, notes, 'x').model
            assert len(list(generate(model, [1, 2], max_new_tokens=3,
                                     rng=np.random.default_rng(0)))) == 3
            assert KVCache(model.config, like=model.flat).keys.size < 2 ** 14
