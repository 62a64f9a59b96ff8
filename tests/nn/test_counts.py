"""The counted cost of a model is the cost of the model."""

from dataclasses import replace

import pytest

from minigpt import GPT, GPTConfig
from minigpt.nn.counts import GPT2_SIZES, memory, parts, training_flops

KINDS = [{}, {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 1,
              'tied_head': False}]


@pytest.mark.parametrize('kind', KINDS)
def test_parts_add_up_to_the_models_parameters(kind):
    config = replace(GPTConfig(), **kind)
    assert sum(part.parameters for part in parts(config)) == GPT(config).n_params


@pytest.mark.parametrize(('name', 'published'), [
    ('gpt2', 124_439_808), ('gpt2-medium', 354_823_168), ('gpt2-large', 774_030_080),
    ('gpt2-xl', 1_557_611_200)])
def test_gpt2_sizes_are_the_published_ones(name, published):
    assert sum(part.parameters for part in parts(GPT2_SIZES[name])) == published


def test_flops_follow_the_rule_of_six_per_parameter_and_token():
    """For short texts an update costs about 6 operations per matrix weight and token."""
    config = GPTConfig(vocab_size=1000, block_size=8, n_embd=256, n_head=4, n_layer=6)
    weights = sum(part.parameters for part in parts(config)
                  if part.name in ('attention projections', 'mlp', 'token embedding'))
    tokens = 16 * 8
    assert training_flops(config, 16) == pytest.approx(6 * weights * tokens, rel=0.02)


def test_memory_of_the_shipped_size():
    config = GPTConfig()
    found = memory(config, batch_size=16)
    assert found['weights'] == 4 * GPT(config).n_params
    assert found['optimizer'] == 2 * found['weights']
    assert found['kv cache'] == 4 * 16 * 2 * 4 * 128 * 128
