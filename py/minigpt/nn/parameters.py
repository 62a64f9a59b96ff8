"""All weights of a model as one flat vector, and names for its parts.

One vector makes zeroing, clipping, AdamW and saving one line each; the named views share its
memory. Names and shapes are GPT-2's, so foreign weights map one to one.
"""

import math

import numpy as np

from minigpt.errors import Flaw
from minigpt.nn.config import GPTConfig

Shapes = dict[str, tuple[int, ...]]
Views = dict[str, np.ndarray]
LONGEST_CONTEXT = 2 ** 20  # of a file's model: far above any that was trained with this code


def parameter_shapes(config: GPTConfig) -> Shapes:
    """Name → shape, in the order in which they lie in the flat vector."""
    C = config.n_embd
    shapes = {'wte.weight': (config.vocab_size, C)}
    if config.position == 'learned':
        shapes['wpe.weight'] = (config.block_size, C)
    for layer in range(config.n_layer):
        shapes |= {f'h.{layer}.{name}': shape for name, shape in block_shapes(config).items()}
    shapes |= norm_shapes('ln_f', config)
    return shapes if config.tied_head else shapes | {'lm_head.weight': (config.vocab_size, C)}


def block_shapes(config: GPTConfig) -> Shapes:
    """The parts of one transformer block; weights are [in, out]."""
    C, F = config.n_embd, config.mlp_width
    qkv = C + 2 * config.kv_heads * config.head_width
    hidden = 2 * F if config.activation == 'swiglu' else F
    return {
        **norm_shapes('ln_1', config),
        'attn.c_attn.weight': (C, qkv), 'attn.c_attn.bias': (qkv,),
        'attn.c_proj.weight': (C, C), 'attn.c_proj.bias': (C,),
        **norm_shapes('ln_2', config),
        'mlp.c_fc.weight': (C, hidden), 'mlp.c_fc.bias': (hidden,),
        'mlp.c_proj.weight': (F, C), 'mlp.c_proj.bias': (C,),
    }


def norm_shapes(name: str, config: GPTConfig) -> Shapes:
    shapes = {f'{name}.weight': (config.n_embd,)}
    return shapes if config.norm == 'rmsnorm' else shapes | {f'{name}.bias': (config.n_embd,)}


def count(shapes: Shapes) -> int:
    """How many numbers the shapes hold."""
    return sum(math.prod(shape) for shape in shapes.values())


def check_sizes(tensors: Views, config: GPTConfig) -> None:
    """Flaw where the largest parts of such a model are not among a file's tensors: told before
    memory is set aside for it. No tensor bounds a context whose positions are computed."""
    C = config.n_embd
    shapes = {'wte.weight': (config.vocab_size, C)}
    if config.position == 'learned':
        shapes['wpe.weight'] = (config.block_size, C)
    for name, shape in shapes.items():
        if name not in tensors or tensors[name].shape != shape:
            raise Flaw('flaw.no_tensor', name=name, shape=shape)
    if f'h.{config.n_layer - 1}.ln_1.weight' not in tensors:
        raise Flaw('flaw.few_layers', layers=config.n_layer)
    if config.block_size > LONGEST_CONTEXT:
        raise Flaw('flaw.long_context', got=config.block_size, most=LONGEST_CONTEXT)


class NamedViews(dict):
    """Name → view of its stretch of one vector, which is kept as `flat`."""

    def __init__(self, flat: np.ndarray, shapes: Shapes):
        super().__init__()
        self.flat = flat
        start = 0
        for name, shape in shapes.items():
            end = start + math.prod(shape)
            self[name] = flat[start:end].reshape(shape)
            start = end

    def add(self, values: Views, prefix: str = '') -> None:
        """Add the arrays to the views of the same name, in place."""
        for name, value in values.items():
            self[prefix + name] += value


def subviews(views: Views, prefix: str) -> Views:
    """The views under a prefix, without it: 'h.0.attn.c_proj.bias' → 'attn.c_proj.bias'."""
    return {name.removeprefix(prefix): view for name, view in views.items()
            if name.startswith(prefix)}


def initialise(params: Views, n_layer: int, rng: np.random.Generator) -> None:
    """Fill the views as GPT-2 does: weights normal(0, 0.02), biases 0, layernorm gains 1.

    The two projections that write into the residual stream start smaller by √(2·L), so that the
    stream's size does not grow with depth (Radford et al. 2019, section 2.3).
    """
    for name, view in params.items():
        if name.endswith('.bias'):
            view[...] = 0
        elif view.ndim == 1:
            view[...] = 1
        else:
            std = 0.02 / math.sqrt(2 * n_layer) if name.endswith('c_proj.weight') else 0.02
            view[...] = rng.normal(0, std, view.shape)
