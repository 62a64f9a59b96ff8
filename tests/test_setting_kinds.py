"""A setting of the wrong kind is told in words, in both languages: never by Python's TypeError."""

import json
from dataclasses import fields, replace
from typing import get_args

import numpy as np
import pytest

from minigpt import GPTConfig, TrainConfig
from minigpt.chunking import chunk
from minigpt.embeddings import tsne
from minigpt.errors import (ChunkingError, ConfigError, EmbeddingError, MinigptError, SamplingError,
                            TokenizerError)
from minigpt.inference import beam_search, generate
from minigpt.lab import shipped_lab
from minigpt.tokenizer import BPETokenizer

WRONG = ['8', 'no', b'1', [1], {}, 2.5, True, None, float('nan'), object()]


@pytest.mark.parametrize('kind', [GPTConfig, TrainConfig])
def test_a_configuration_takes_nothing_of_another_kind(kind):
    for field in fields(kind):
        for value in WRONG:
            try:
                found = getattr(kind(**{field.name: value}), field.name)
            except ConfigError as error:
                assert field.name in str(error) or error.key.startswith('bad_'), field.name
                assert error.in_language('pt') != error.in_language('en')
            else:
                kinds = get_args(field.type) or (field.type,)
                fits = {*kinds} | ({int} if float in kinds else set())
                assert type(found) in fits or value is None, (field.name, value)


def test_no_is_not_yes():
    with pytest.raises(ConfigError, match="tied_head must be True or False, got 'no'"):
        GPTConfig(tied_head='no')
    with pytest.raises(ConfigError) as raised:
        TrainConfig(learning_rate='0,001')
    assert raised.value.in_language('pt') == "learning_rate precisa ser um número, veio '0,001'"
    with pytest.raises(ConfigError) as raised:
        TrainConfig(optimizer='x' * 10_000)
    assert raised.value.key == 'unknown_choice'
    with pytest.raises(ConfigError) as raised:
        GPTConfig(n_layer='x' * 10_000)
    assert len(str(raised.value)) < 120


def test_numpy_s_numbers_are_numbers_and_can_be_saved():
    config = TrainConfig(steps=np.int64(7), learning_rate=np.float32(0.5), seed=np.uint8(3))
    assert json.loads(json.dumps(config.to_dict())) == config.to_dict()
    assert (config.steps, config.learning_rate, config.seed) == (7, 0.5, 3)
    assert GPTConfig(n_embd=np.int32(8), n_head=np.int64(2)) == GPTConfig(n_embd=8, n_head=2)
    assert replace(config, steps=9).steps == 9


@pytest.mark.parametrize('name', ['temperature', 'top_k', 'top_p', 'min_p', 'repetition_penalty',
                                  'max_new_tokens'])
@pytest.mark.parametrize('value', ['1', 'x', [1], {}])
def test_so_do_generation_s_settings(name, value):
    model, rng = shipped_lab().model, np.random.default_rng(1)
    with pytest.raises(SamplingError, match='1' if name == 'max_new_tokens' else name):
        generate(model, [1], rng=rng, **{name: value})


@pytest.mark.parametrize('error, call', [
    (SamplingError, lambda: beam_search(shipped_lab().model, [1], length_penalty='1')),
    (TokenizerError, lambda: BPETokenizer.train('abc', '300')),
    (ChunkingError, lambda: chunk('Um gato.', strategy=['fixed'])),
    (ChunkingError, lambda: chunk('Um gato.', size='10')),
    (EmbeddingError, lambda: tsne(np.eye(9), perplexity='2', rng=np.random.default_rng(1))),
    (EmbeddingError, lambda: tsne(np.eye(9), learning_rate='2', rng=np.random.default_rng(1)))])
def test_and_those_of_the_other_rooms(error, call):
    with pytest.raises(error) as raised:
        call()
    assert isinstance(raised.value, MinigptError)
