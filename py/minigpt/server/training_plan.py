"""From the training page's parameters to a model's shape and a run's settings."""

import math
from dataclasses import replace

from minigpt.errors import ServerError
from minigpt.lab import Lab
from minigpt.nn.config import GPTConfig
from minigpt.nn.counts import memory
from minigpt.server.parameters_of_training import INFINITE
from minigpt.training import TrainConfig

SIZES = ('vocab_size', 'block_size', 'n_embd', 'n_head', 'n_layer', 'n_kv_head', 'position', 'norm',
         'activation', 'tied_head', 'dropout')
UPDATES = ('steps', 'batch_size', 'accumulate', 'optimizer', 'learning_rate', 'schedule', 'warmup',
           'weight_decay', 'max_grad_norm', 'beta1', 'beta2', 'eval_every', 'eval_batches',
           'patience', 'seed')


def model_config(values: dict, lab: Lab) -> GPTConfig:
    """What the model will be; ConfigError where the sizes do not fit together."""
    if values['origin'] == 'lab':
        return replace(lab.model.config, dropout=values['dropout'])
    sizes = {name: values[name] for name in SIZES}
    return GPTConfig(**sizes | {'n_kv_head': values['n_kv_head'] or None})


def train_config(values: dict) -> TrainConfig:
    """How it will be trained; `floor` is a share of the largest learning rate."""
    same = {name: values[name] for name in UPDATES}
    if same['max_grad_norm'] == INFINITE:
        same['max_grad_norm'] = math.inf
    return TrainConfig(**same, min_learning_rate=values['floor'] * values['learning_rate'])


def check_room(config: GPTConfig, run: TrainConfig, most: int) -> None:
    """ServerError where weights, optimizer and activations would need more than `most` bytes."""
    parts = memory(config, run.batch_size)
    need = sum(parts[name] for name in ('weights', 'gradients', 'optimizer', 'activations'))
    if need > most:
        raise ServerError('training_too_large', need=need // 2**20, most=most // 2**20)
