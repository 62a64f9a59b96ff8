"""Switching parts of a model off, to see what they were for.

    model.forward(ids, trace=trace, change=switched_off(model, ids, {'h.0.mlp', 'h.2.head.1'}))

    part            off means
    h.0.attn        the attention of block 0 adds nothing to the stream
    h.0.head.1      its head 1 gives zeros to the projection
    h.0.mlp         the MLP adds nothing
    h.0.ln_1, …     the norm lets the stream through as it is; so for ln_2, ln_f
    position        no token knows where it stands
"""

from collections.abc import Collection

import numpy as np

from minigpt.errors import ConfigError
from minigpt.nn.changes import Change, together, without, without_head
from minigpt.nn.config import GPTConfig
from minigpt.nn.model import GPT
from minigpt.nn.positions import rope_backward

Array = np.ndarray


def block_switches(config: GPTConfig, layer: int) -> list[str]:
    """The parts of one block that can be switched off, in the order in which data meets them."""
    return [f'h.{layer}.ln_1', *(f'h.{layer}.head.{head}' for head in range(config.n_head)),
            f'h.{layer}.attn', f'h.{layer}.ln_2', f'h.{layer}.mlp']


def switches(config: GPTConfig) -> list[str]:
    """All parts that can be switched off."""
    return ['position', *(name for layer in range(config.n_layer)
                          for name in block_switches(config, layer)), 'ln_f']


def switched_off(model: GPT, ids: Array, parts: Collection[str]) -> Change:
    """The change, for one pass over the ids (B, T), by which the named parts do nothing.

    Raises ConfigError for a part that the model does not have.
    """
    allowed = switches(model.config)
    if unknown := set(parts) - set(allowed):
        raise ConfigError('unknown_choice', name='part', got=min(unknown),
                          choices=', '.join(allowed))
    return together(*(_without(model, ids, part) for part in allowed if part in parts))


def _without(model: GPT, ids: Array, part: str) -> Change:
    if part == 'position':
        return without_positions(model, ids)
    block, _, piece = part.rpartition('.')
    if piece.startswith('ln_'):
        return without_norm(part)
    if block.endswith('.head'):
        return without_head(int(block.split('.')[1]), int(piece), model.config)
    return without(f'{part}.out')


def without_norm(norm: str) -> Change:
    """The stream as it is, in the place of what the norm gives. For one pass: it remembers."""
    stream = None

    def change(name: str, value: Array) -> Array:
        nonlocal stream
        if name == norm:
            return stream
        if name.endswith(('embed', 'resid_mid', 'resid_post')):
            stream = value
        return value
    return change


def without_positions(model: GPT, ids: Array) -> Change:
    """The token vectors alone enter; with RoPE, queries and keys are turned back."""
    rope = model.config.position == 'rope'

    def change(name: str, value: Array) -> Array:
        if rope and name.endswith(('attn.q', 'attn.k')):
            return rope_backward(value, np.arange(value.shape[2]))
        return model.params['wte.weight'][ids] if name == 'embed' else value
    return change
