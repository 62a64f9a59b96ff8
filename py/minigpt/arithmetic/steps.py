"""The forward pass as a list of steps, before any number is there.

A step's name is that of what it computes, as a Trace calls it ('h.0.attn.q'). Two names are no
Trace's: 'tokens', the ids that come in, and 'shares', the softmax of the logits that goes out.
"""

import math
from dataclasses import dataclass

from minigpt.nn.config import GPTConfig
from minigpt.nn.parameters import parameter_shapes


@dataclass(frozen=True)
class Step:
    """One operation. `axes` names the axes of its `shape` in minigpt's alphabet; the batch is left
    out. `flops` counts matrix products only, a multiply and an add as two, as `nn.counts` does.
    """
    name: str
    operation: str
    axes: str
    shape: tuple[int, ...]
    reads: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    flops: int = 0

    @property
    def layer(self) -> int | None:
        """The block it belongs to, or None before and after the blocks."""
        return layer_of(self.name)

    @property
    def part(self) -> str:
        """Its name without the block: 'attn.q'."""
        return part_of(self.name)

    @property
    def size(self) -> int:
        """How many numbers it computes."""
        return math.prod(self.shape)


def layer_of(name: str) -> int | None:
    """'h.3.attn.q' → 3; 'embed' → None."""
    return int(name.split('.')[1]) if name.startswith('h.') else None


def part_of(name: str) -> str:
    """'h.3.attn.q' → 'attn.q'; 'embed' → 'embed'."""
    return name.split('.', 2)[2] if name.startswith('h.') else name


def steps(config: GPTConfig, T: int) -> list[Step]:
    """Every step of a forward pass over T tokens, in the order in which they are taken."""
    sizes = alphabet(config, T)
    shapes = parameter_shapes(config)

    def step(name: str, operation: str, axes: str, *reads: str, weights=(), flops: int = 0) -> Step:
        return Step(name, operation, axes, tuple(sizes[axis] for axis in axes), reads,
                    tuple(it for it in weights if it in shapes), flops)

    V, C = config.vocab_size, config.n_embd
    taken = [step('tokens', 'tokens', 'T'),
             step('embed', 'embed', 'TC', 'tokens', weights=('wte.weight', 'wpe.weight'))]
    for layer in range(config.n_layer):
        taken += block_steps(step, config, f'h.{layer}.', taken[-1].name, T)
    head = 'wte.weight' if config.tied_head else 'lm_head.weight'
    return taken + [
        step('ln_f', config.norm, 'TC', taken[-1].name, weights=('ln_f.weight', 'ln_f.bias')),
        step('logits', 'logits', 'TV', 'ln_f', weights=(head,), flops=2 * T * V * C),
        step('shares', 'softmax', 'TV', 'logits')]


def alphabet(config: GPTConfig, T: int) -> dict[str, int]:
    """How long each axis is; F is the MLP's width before its activation, f after it."""
    F = config.mlp_width
    return {'T': T, 'S': T, 'C': config.n_embd, 'H': config.n_head, 'K': config.kv_heads,
            'D': config.head_width, 'V': config.vocab_size, 'f': F,
            'F': 2 * F if config.activation == 'swiglu' else F}


def block_steps(step, config: GPTConfig, block: str, stream: str, T: int) -> list[Step]:
    """The steps of one block, which reads the residual stream called `stream`."""
    sizes = alphabet(config, T)
    C, F, f = sizes['C'], sizes['F'], sizes['f']
    KD = sizes['K'] * sizes['D']

    def weights(name: str) -> tuple[str, str]:
        return f'{block}{name}.weight', f'{block}{name}.bias'

    def at(name: str, operation: str, axes: str, *reads: str, **more) -> Step:
        return step(block + name, operation, axes, *(
            it if it == stream else block + it for it in reads), **more)

    norm, into_heads = config.norm, weights('attn.c_attn')
    return [
        at('ln_1', norm, 'TC', stream, weights=weights('ln_1')),
        at('attn.q', 'project', 'HTD', 'ln_1', weights=into_heads, flops=2 * T * C * C),
        at('attn.k', 'project', 'KTD', 'ln_1', weights=into_heads, flops=2 * T * C * KD),
        at('attn.v', 'project', 'KTD', 'ln_1', weights=into_heads, flops=2 * T * C * KD),
        at('attn.dots', 'dots', 'HTS', 'attn.q', 'attn.k', flops=2 * T * T * C),
        at('attn.mask', 'mask', 'TS'),
        at('attn.scores', 'scores', 'HTS', 'attn.dots', 'attn.mask'),
        at('attn.weights', 'softmax', 'HTS', 'attn.scores'),
        at('attn.heads', 'mix', 'TC', 'attn.weights', 'attn.v', flops=2 * T * T * C),
        at('attn.out', 'linear', 'TC', 'attn.heads', weights=weights('attn.c_proj'),
           flops=2 * T * C * C),
        at('resid_mid', 'add', 'TC', stream, 'attn.out'),
        at('ln_2', norm, 'TC', 'resid_mid', weights=weights('ln_2')),
        at('mlp.hidden', 'linear', 'TF', 'ln_2', weights=weights('mlp.c_fc'), flops=2 * T * C * F),
        at('mlp.active', config.activation, 'Tf', 'mlp.hidden'),
        at('mlp.out', 'linear', 'TC', 'mlp.active', weights=weights('mlp.c_proj'),
           flops=2 * T * f * C),
        at('resid_post', 'add', 'TC', 'resid_mid', 'mlp.out')]
