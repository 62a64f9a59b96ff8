"""What stands in a checkpoint's file is what is loaded, or the file is refused: nothing is guessed."""

import json

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, Checkpoint, GPTConfig, TrainConfig
from minigpt.errors import CheckpointError
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
