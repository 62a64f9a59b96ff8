"""NumPy where it has neither BLAS nor SIMD, in the browser: the same results by the ways that are
fast there. np.matmul walks down columns, missing the cache at every step, where einsum goes along
rows; np.tanh is 59 times slower than natively, and a sigmoid does the same.
"""

import math

import numpy as np

from minigpt.backend.matmul import refuse_overlap

Array = np.ndarray
GELU_SCALE = 2 * math.sqrt(2 / math.pi)


def matmul(a: Array, b: Array, out: Array | None = None, accumulate: bool = False) -> Array:
    """a @ b by 2-D einsums.   (…, M, K), (…, K, N) -> (…, M, N)"""
    if b.ndim == 2 and a.ndim > 2 and out is None:
        return einsum_2d(a.reshape(-1, a.shape[-1]), b).reshape(*a.shape[:-1], b.shape[1])
    if a.ndim < 2 or b.ndim < 2:
        raise ValueError('matmul: needs 2 dimensions or more')
    if out is not None:
        refuse_overlap(a, b, out)
    leading = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    shape = (*leading, a.shape[-2], b.shape[-1])
    if out is not None and out.shape != shape:
        raise ValueError(f'matmul: the product has shape {shape}, out {out.shape}')
    found = np.empty(shape, np.result_type(a, b)) if out is None else out
    a, b = np.broadcast_to(a, leading + a.shape[-2:]), np.broadcast_to(b, leading + b.shape[-2:])
    for place in np.ndindex(*leading):
        if accumulate:
            found[place] += einsum_2d(a[place], b[place])
        else:
            np.einsum('mk,kn->mn', a[place], b[place], out=found[place])
    return found


def einsum_2d(a: Array, b: Array) -> Array:
    return np.einsum('mk,kn->mn', a, b)


def gelu_forward(x: Array):
    """x · s, s = sigmoid(2u): the same as x/2 · (1 + tanh u)"""
    s = x * x
    s *= -0.044715 * GELU_SCALE
    s -= GELU_SCALE
    s *= x
    np.minimum(s, 80, out=s)  # e^80 still fits
    np.exp(s, out=s)
    s += 1
    np.reciprocal(s, out=s)
    return x * s, (x, s)


def gelu_backward(dout: Array, cache) -> Array:
    """-> dx = dout · (s + x·s·(1 − s)·(2u)')"""
    x, s = cache
    slope = x * x
    slope *= 3 * 0.044715 * GELU_SCALE
    slope += GELU_SCALE
    slope *= x
    slope *= s
    slope *= 1 - s
    slope += s
    slope *= dout
    return slope


KERNELS = {'matmul': matmul, 'gelu_forward': gelu_forward, 'gelu_backward': gelu_backward}
