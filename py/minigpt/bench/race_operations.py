"""What the backends race in: the operations of a GPT at the sizes of its own small models.

Every operand is drawn from the same seed and rounded to float32; an exact run gets those very
numbers as float64, so that its difference from another run is what computing did, not rounding.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minigpt import shipped
from minigpt.backend import matmul
from minigpt.backend.absent import DeviceError
from minigpt.bench.device import placed
from minigpt.inference import generate
from minigpt.nn import GPT, GPTConfig
from minigpt.nn.activations import gelu_forward
from minigpt.nn.attention import attention_forward
from minigpt.nn.counts import training_flops
from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.loss import cross_entropy_backward, cross_entropy_forward
from minigpt.nn.norms import layernorm_forward
from minigpt.nn.ops import softmax_forward
from minigpt.training import Moved, TrainConfig, train
from minigpt.training.optimizer import adamw_update

Array = np.ndarray
Run = Callable[[], object]
FLOAT32 = 4  # bytes
STEP, BATCH = GPTConfig(vocab_size=512, block_size=64, n_embd=128, n_head=4, n_layer=4), 16
PROMPT = [1] * 16
FOR_EVER = 2 ** 31


@dataclass(frozen=True)
class Operation:
    """`prepare(dtype)` makes the operands and returns what computes once.

    That gives the result, an array, or a core that returns it (see backend/waiting.py). `work` is
    what one run does, counted in `unit`: FLOP, bytes or tokens.
    """
    name: str
    size: str
    prepare: Callable[[type], Run]
    work: float
    unit: str


def numbers(dtype, *shape, seed: int = 0) -> Array:
    drawn = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    return placed(drawn.astype(dtype))


def product(*shape: int) -> Operation:
    """(…, M, K) · (…, K, N)"""
    *batch, M, K, N = shape

    def prepare(dtype) -> Run:
        a, b = numbers(dtype, *batch, M, K), numbers(dtype, *batch, K, N, seed=1)
        return lambda: matmul(a, b)

    return Operation('batched matmul' if batch else 'matmul', sized(*shape), prepare,
                     2 * math.prod(shape), 'FLOP')


def row_by_row(name: str, function: Callable, *shape: int) -> Operation:
    """An operation on each row: it reads all numbers once and writes as many."""
    def prepare(dtype) -> Run:
        x = numbers(dtype, *shape)
        return lambda: function(x)[0]

    return Operation(name, sized(*shape), prepare, 2 * FLOAT32 * math.prod(shape), 'B')


def layernorm(*shape: int) -> Operation:
    def prepare(dtype) -> Run:
        x = numbers(dtype, *shape)
        gain, bias = numbers(dtype, shape[-1], seed=1), numbers(dtype, shape[-1], seed=2)
        return lambda: layernorm_forward(x, gain, bias)[0]

    return Operation('layernorm', sized(*shape), prepare,
                     2 * FLOAT32 * math.prod(shape), 'B')


def cross_entropy(N: int, V: int) -> Operation:
    """The loss of N places and its gradient."""
    def prepare(dtype) -> Run:
        logits = numbers(dtype, N, V)
        targets = placed(np.random.default_rng(1).integers(0, V, N))
        return lambda: cross_entropy_backward(cross_entropy_forward(logits, targets)[1])

    return Operation('cross-entropy', sized(N, V), prepare, 2 * FLOAT32 * N * V, 'B')


def adamw(P: int) -> Operation:
    """One update of P weights: five vectors are read and three of them written."""
    def prepare(dtype) -> Run:
        flat, grad = numbers(dtype, P), numbers(dtype, P, seed=1)
        mean, square, decay = (placed(np.zeros(P, dtype)) for _ in range(3))

        def run() -> Array:
            adamw_update(flat, grad, mean, square, decay, 1e-3, 0.9, 0.99, 1e-8, 1)
            return flat

        return run

    return Operation('AdamW', sized(P), prepare, 8 * FLOAT32 * P, 'B')


def attention(T: int, C: int, H: int) -> Operation:
    """The attention of one block, forward: projections, scores, softmax, weighted sum."""
    config = GPTConfig(block_size=T, n_embd=C, n_head=H, n_layer=1)

    def prepare(dtype) -> Run:
        shapes = {'c_attn.weight': (C, 3 * C), 'c_attn.bias': (3 * C,), 'c_proj.weight': (C, C),
                  'c_proj.bias': (C,)}
        p = {f'attn.{name}': numbers(dtype, *shape, seed=2) * dtype(C ** -0.5)
             for name, shape in shapes.items()}
        x, run = numbers(dtype, 1, T, C), ForwardPass(config, np.arange(T)).at_layer(0)
        return lambda: attention_forward(x, p, run)[0]

    return Operation('attention', f'T {T}, C {C}, H {H}', prepare,
                     2 * T * 4 * C * C + 4 * T * T * C, 'FLOP')


def training_step() -> Operation:
    """Batch, forward, backward, clip, AdamW. The result: the batch's loss, the gradient's length."""
    config = TrainConfig(batch_size=BATCH, steps=FOR_EVER, eval_every=FOR_EVER)

    def prepare(dtype) -> Run:
        model = converted(GPT(STEP, np.random.default_rng(0)), dtype)
        data = np.random.default_rng(1).integers(0, STEP.vocab_size, 50_000)
        stream = train(model, data, config)

        def run():
            event = yield from stream.event()
            if isinstance(event, Moved):
                raise DeviceError(event.reason)
            return np.array([event.loss, event.grad_norm])

        return run

    size = f'L{STEP.n_layer} C{STEP.n_embd} T{STEP.block_size} B{BATCH} V{STEP.vocab_size}'
    return Operation('training step', size, prepare, training_flops(STEP, BATCH), 'FLOP')


def generated_token() -> Operation:
    """One more token of a text by the shipped model; the result is the logits it was drawn from."""
    def prepare(dtype) -> Run:
        stream = generate(converted(shipped.load().model, dtype), PROMPT,
                          max_new_tokens=FOR_EVER, rng=np.random.default_rng(0))

        def run():
            event = yield from stream.event()
            return event.distribution.logits

        return run

    return Operation('generated token', 'minigpt-pt', prepare, 1, 'tokens')


def converted(model: GPT, dtype) -> GPT:
    """The same weights in another precision."""
    if model.flat.dtype == dtype:
        return model
    other = GPT(model.config, dtype=dtype)
    other.flat[...] = model.flat
    return other


def sized(*shape: int) -> str:
    return ' × '.join(map(str, shape))


OPERATIONS = (
    *(product(n, n, n) for n in (64, 256, 512, 1024)), product(64, 64, 32, 64),
    row_by_row('softmax', softmax_forward, 4096, 64), layernorm(1024, 128),
    row_by_row('gelu', gelu_forward, 1024, 512), cross_entropy(1024, 512), adamw(1_000_000),
    attention(256, 128, 4), training_step(), generated_token())
