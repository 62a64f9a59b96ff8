"""The commands that a program for the helper thread consists of, in 32-bit words: how many words,
which kernel, its arguments (see kernels/helper_thread.c). An array is told by its place.
"""

import struct

from minigpt.backend import gpu_layout
from minigpt.backend.gpu_array import GpuArray

NOWHERE = -1            # the place of an array that is not there
NOTHING = (None, 0, 0)  # a matrix that is not there


class CannotPlan(Exception):
    """The helper thread cannot do this work."""


def command(name: str, *values) -> list[int]:
    """The words of a command; an array stands for its place, None for none."""
    return [len(values) + 2, NUMBERS[name], *map(word, values)]


def word(value) -> int:
    """The 32 bits of an argument."""
    if isinstance(value, GpuArray):
        if not gpu_layout.is_straight(value.layout):
            raise CannotPlan(f'strides {value.layout.strides}')
        return place_of(value)
    if isinstance(value, float):
        return struct.unpack('i', struct.pack('f', value))[0]
    return NOWHERE if value is None else value


def place_of(x: GpuArray) -> int:
    return x.buffer.place + 4 * x.layout.offset


def matrix(x: GpuArray) -> tuple:
    """A matrix of any strides, in words."""
    if x.ndim != 2:
        raise CannotPlan(x.shape)  # a product for each place in a batch
    return place_of(x), *x.layout.strides


def stack(x: GpuArray) -> tuple:
    return place_of(x), *x.layout.strides


def rows(x: GpuArray) -> tuple[int, int]:
    """(rows, width)"""
    return x.size // x.shape[-1], x.shape[-1]


def heads(q: GpuArray, k: GpuArray, v: GpuArray, weights: GpuArray) -> tuple:
    (B, H, T, D), (K, S) = q.shape, k.shape[1:3]
    return B, H, K, T, S, D, *stack(q), *stack(k), *stack(v), weights


# What each kernel of the compiled module becomes: its words, as in KERNELS of helper_thread.c, from
# the arguments that the module takes. The order there is the order here.
COMMANDS = {
    'product': lambda a, b, start, out: (*out.shape, a.shape[1], *matrix(a), *matrix(b), *start,
                                         *matrix(out)),
    'linear_backward': lambda x, dout, weight, dx, dweight, dbias: (
        x, dout, *matrix(weight), dx, dweight, dbias, len(x), *weight.shape),
    'attention': lambda q, k, v, weights, out: (*heads(q, k, v, weights), *stack(out)),
    'attention_backward': lambda q, k, v, weights, dout, dq, dk, dv, scores: (
        *heads(q, k, v, weights), *stack(dout), *stack(dq), *stack(dk), *stack(dv), scores),
    'softmax': lambda x, out: (x, out, *rows(x)),
    'chosen_of': lambda probs, targets, out: (probs, targets, out, *rows(probs)),
    'cross_entropy_backward': lambda probs, targets, dlogits: (probs, targets, dlogits, *rows(probs)),
    'layernorm': lambda x, gain, bias, normed, inv_std, out, eps: (
        x, gain, bias, normed, inv_std, out, *rows(x), eps),
    'rmsnorm': lambda x, gain, normed, inv_rms, out, eps: (
        x, gain, normed, inv_rms, out, *rows(x), eps),
    'norm_backward': lambda dout, normed, scales, gain, dx, dgain, dbias: (
        dout, normed, scales, gain, dx, dgain, dbias, *rows(dout)),
    'gelu': lambda x, s, out: (x, s, out, x.size),
    'gelu_backward': lambda dout, x, s, dx: (dout, x, s, dx, x.size),
    'swiglu': lambda x, s, out: (x, s, out, *rows(out)),
    'swiglu_backward': lambda dout, x, s, dx: (dout, x, s, dx, *rows(dout)),
    'take_rows': lambda table, ids, out: (table, ids, out, ids.size, table.shape[1]),
    'add_rows': lambda dout, ids, dtable: (dout, ids, dtable, ids.size, dtable.shape[1]),
    'sum_rows': lambda x, sums: (x, sums, *rows(x)),
    'turned': lambda x, cos, sin, out: (x, cos, sin, out, x.size // x.shape[-1], *cos.shape),
    'elementwise': lambda operation, shape, *operands: (
        operation, *shape, *(fact for x, steps in operands for fact in (place_of(x), *steps))),
}
NUMBERS = {name: number for number, name in enumerate(COMMANDS)}
