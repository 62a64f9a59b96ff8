"""All weights of a model as one flat vector, and names for its parts.

One vector makes zeroing, clipping, AdamW and saving one line each; the named views share its
memory. Names and shapes are GPT-2's, so foreign weights map one to one.
"""

import math

import numpy as np

from minigpt.nn.config import GPTConfig

Shapes = dict[str, tuple[int, ...]]
Views = dict[str, np.ndarray]


def parameter_shapes(config: GPTConfig) -> Shapes:
    """Name → shape, in the order in which they lie in the flat vector."""
    C = config.n_embd
    shapes = {'wte.weight': (config.vocab_size, C), 'wpe.weight': (config.block_size, C)}
    for layer in range(config.n_layer):
        shapes |= {f'h.{layer}.{name}': shape for name, shape in block_shapes(C).items()}
    return shapes | {'ln_f.weight': (C,), 'ln_f.bias': (C,)}


def block_shapes(C: int) -> Shapes:
    """The parts of one transformer block; weights are [in, out]."""
    return {
        'ln_1.weight': (C,), 'ln_1.bias': (C,),
        'attn.c_attn.weight': (C, 3 * C), 'attn.c_attn.bias': (3 * C,),
        'attn.c_proj.weight': (C, C), 'attn.c_proj.bias': (C,),
        'ln_2.weight': (C,), 'ln_2.bias': (C,),
        'mlp.c_fc.weight': (C, 4 * C), 'mlp.c_fc.bias': (4 * C,),
        'mlp.c_proj.weight': (4 * C, C), 'mlp.c_proj.bias': (C,),
    }


def count(shapes: Shapes) -> int:
    """How many numbers the shapes hold."""
    return sum(math.prod(shape) for shape in shapes.values())


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
