"""What a model costs, part by part, before it exists: parameters, operations, memory."""

from dataclasses import dataclass

from minigpt.nn.config import GPTConfig
from minigpt.nn.parameters import count, parameter_shapes

GPT2_SIZES = {
    'gpt2': GPTConfig(50257, 1024, 768, 12, 12),
    'gpt2-medium': GPTConfig(50257, 1024, 1024, 16, 24),
    'gpt2-large': GPTConfig(50257, 1024, 1280, 20, 36),
    'gpt2-xl': GPTConfig(50257, 1024, 1600, 25, 48),
}
FLOAT32 = 4  # bytes


@dataclass(frozen=True)
class Part:
    """One part of the model; a block's parts are counted over all L blocks."""
    name: str
    parameters: int
    flops: int  # of a forward pass over T tokens; a multiply and an add count as two


def parts(config: GPTConfig, T: int | None = None) -> list[Part]:
    """The parts in the order in which data meets them, for T tokens (default: a full context).

    Only matrix products are counted as operations: norms, softmax and activations are below 1 %.
    """
    T = config.block_size if T is None else T
    C, L = config.n_embd, config.n_layer
    shapes = parameter_shapes(config)

    def held(*pieces: str) -> int:
        return count({name: shape for name, shape in shapes.items()
                      if any(piece in name for piece in pieces)})

    def product(*pieces: str) -> int:
        matrices = {name: shape for name, shape in shapes.items()
                    if len(shape) == 2 and any(piece in name for piece in pieces)}
        return 2 * T * count(matrices)

    return [
        Part('token embedding', held('wte.'), 0),
        Part('position embedding', held('wpe.'), 0),
        Part('attention projections', held('.attn.'), product('.attn.')),
        Part('attention scores and sums', 0, L * 4 * T * T * C),
        Part('mlp', held('.mlp.'), product('.mlp.')),
        Part('norms', held('ln_'), 0),
        Part('head', held('lm_head.'), 2 * T * config.vocab_size * C),
    ]


def training_flops(config: GPTConfig, batch_size: int) -> int:
    """Operations of one update: backward costs two forward passes (Kaplan et al. 2020)."""
    return 3 * batch_size * sum(part.flops for part in parts(config))


def memory(config: GPTConfig, batch_size: int = 1) -> dict[str, int]:
    """Bytes in float32: what generating holds, and what training holds beside it."""
    weights = FLOAT32 * count(parameter_shapes(config))
    cached = 2 * config.n_layer * config.kv_heads * config.head_width * config.block_size
    return {'weights': weights, 'gradients': weights, 'optimizer': 2 * weights,
            'kv cache': FLOAT32 * batch_size * cached,
            'activations': FLOAT32 * batch_size * activations(config)}


def activations(config: GPTConfig) -> int:
    """Numbers a forward pass keeps for its backward, for one text of a full context."""
    T, C, F = config.block_size, config.n_embd, config.mlp_width
    hidden = 2 * F if config.activation == 'swiglu' else F
    block = T * (2 * C              # inputs of the two norms
                 + 2 * C            # what the norms give
                 + C + 2 * config.kv_heads * config.head_width
                 + C                # joined heads
                 + 2 * hidden + F)  # before, inside and after the activation
    return config.n_layer * (block + config.n_head * T * T) + 2 * T * C + T * config.vocab_size
