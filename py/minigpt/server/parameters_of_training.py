"""The parameters of the training page: a model's sizes, how it learns and how it is measured."""

from minigpt.nn.config import CHOICES
from minigpt.server.parameter import Parameter

YES_NO = {True: 'yes', False: 'no'}
INFINITE = 'inf'  # no clipping; JSON has no infinity
LONGEST = 2000    # characters of a text that a link carries


def training() -> list[Parameter]:
    return [_choice('origin', 'from', 'new', ('new', 'lab')), *_sizes(), *_updates(), *_measuring(),
            Parameter('prompt', 'text', 'Era uma vez', max_length=LONGEST),
            Parameter('text', 'text', None, max_length=LONGEST)]


def _sizes() -> list[Parameter]:
    return [
        _whole('vocab_size', 'v', 512, 257, 4000),
        _choice('block_size', 't', 64, (8, 16, 32, 64, 128, 256)),
        _choice('n_embd', 'c', 64, (16, 32, 48, 64, 96, 128, 192, 256)),
        _choice('n_head', 'h', 4, (1, 2, 4, 8)), _whole('n_layer', 'l', 2, 1, 8),
        _choice('n_kv_head', 'kv', 0, (0, 1, 2, 4)),
        _choice('position', 'pos', 'learned', tuple(CHOICES['position'])),
        _choice('norm', 'norm', 'layernorm', tuple(CHOICES['norm'])),
        _choice('activation', 'act', 'gelu', tuple(CHOICES['activation'])),
        Parameter('tied_head', 'boolean', True, key='tied', spelling=YES_NO),
        _choice('dropout', 'drop', 0.0, (0.0, 0.05, 0.1, 0.2, 0.4)),
    ]


def _updates() -> list[Parameter]:
    return [
        _whole('steps', 'n', 800, 1, 20_000), _whole('batch_size', 'b', 12, 1, 64),
        _whole('accumulate', 'acc', 1, 1, 8),
        _choice('optimizer', 'opt', 'adamw', ('adamw', 'adam', 'momentum', 'sgd')),
        _choice('learning_rate', 'lr', 4e-3, (1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 4e-3, 1e-2, 3e-2, 0.1,
                                              0.3, 1.0, 10.0, 1e4)),
        _choice('schedule', 'plan', 'cosine', ('cosine', 'linear', 'constant', 'one-cycle')),
        _whole('warmup', 'w', 20, 0, 1000),
        _choice('floor', 'floor', 0.1, (0.0, 0.01, 0.1, 0.5, 1.0)),
        _choice('weight_decay', 'wd', 0.1, (0.0, 0.01, 0.1, 0.3, 1.0)),
        _choice('max_grad_norm', 'clip', 1.0, (0.1, 0.5, 1.0, 5.0, INFINITE)),
        _choice('beta1', 'b1', 0.9, (0.0, 0.5, 0.8, 0.9, 0.95)),
        _choice('beta2', 'b2', 0.99, (0.9, 0.95, 0.99, 0.999)), _whole('seed', 'seed', 1, 0, 9999),
    ]


def _measuring() -> list[Parameter]:
    return [_whole('eval_every', 'every', 25, 5, 500), _whole('eval_batches', 'eb', 8, 1, 50),
            _whole('patience', 'wait', 0, 0, 20)]


def _whole(name: str, key: str, default: int, low: int, high: int) -> Parameter:
    return Parameter(name, 'integer', default, low, high, key=key)


def _choice(name: str, key: str, default, choices: tuple) -> Parameter:
    return Parameter(name, 'choice', default, choices=choices, key=key)
