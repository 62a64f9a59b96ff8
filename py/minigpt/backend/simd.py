"""The backend `simd`: makes the arrays, lets the compiled kernels fill them.

Float32 only; other numbers (float64 in gradient checks and in sampling) are NumPy's work. What
fills them is the compiled module, at once (Here), or a helper thread, later (plan.py).
"""

import math
from collections.abc import Callable

import numpy as np

from minigpt.backend.dispatch import reference
from minigpt.backend.helper_threads import helpers
from minigpt.backend.two_threads import on_two_threads

Array = np.ndarray
FLOAT32 = np.dtype(np.float32)
EPS = 1e-5
MOST_KEYS, MOST_WIDTH = 512, 128  # of a head, for kernels/attention.c


def kernels(compiled) -> dict[str, Callable]:
    """The kernels by name, on top of the compiled module."""
    from minigpt.backend import browser_numpy
    return {function.__name__: for_float32(function, browser_numpy.KERNELS)
            for function in wrappers(Here(compiled))}


def wrappers(c) -> tuple[Callable, ...]:
    """The kernels, each making the arrays that `c` fills: Here, or Written of plan.py."""
    return (*products(c), *softmaxes(c), *attention(c), *norms(c), *activations(c), *updates(c))


class Here:
    """The functions of the compiled module, and how NumPy makes arrays for them."""

    def __init__(self, compiled):
        vars(self).update({name: getattr(compiled, name) for name in dir(compiled)
                           if not name.startswith('_')})
        self.empty, self.zeros, self.straight, self.ids = np.empty, np.zeros, straight, ids_of
        for helper in helpers()[:1]:
            self.matmul, self.linear, self.linear_backward = on_two_threads(compiled, helper)


def for_float32(fast: Callable, others: dict[str, Callable]) -> Callable:
    """Take the fast way when the first array is float32."""
    name = fast.__name__

    def call(*args, **settings):  # handed on as they came: to take them apart costs time
        if args[0].dtype == FLOAT32:
            return fast(*args, **settings)
        return (others.get(name) or reference[name])(*args, **settings)
    return call


def straight(x: Array) -> Array:
    """x with its numbers side by side in memory, copied only if they are not."""
    return x if x.flags.c_contiguous else np.ascontiguousarray(x)


def ids_of(x: Array) -> Array:
    """Ids as the kernels read them."""
    return np.ascontiguousarray(x, np.int32)


def rows_of(x: Array) -> Array:
    """All leading dimensions as rows of one matrix; -1 would not tell how many if one is 0."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


def products(c):
    multiply, linear, backward = c.matmul, c.linear, c.linear_backward
    empty, straight = c.empty, c.straight

    def matmul(a, b, out=None, accumulate=False):
        if out is None:
            if a.ndim == b.ndim == 2:
                out = empty((a.shape[0], b.shape[1]), np.float32)
                multiply(a, b, out, 0)
                return out
            if b.ndim == 2 and a.ndim > 2:
                out = empty((*a.shape[:-1], b.shape[1]), np.float32)
                multiply(rows_of(a), b, rows_of(out), 0)
                return out
            leading = (a.shape[:-2] if a.shape[:-2] == b.shape[:-2] else
                       np.broadcast_shapes(a.shape[:-2], b.shape[:-2]))
            out = empty((*leading, a.shape[-2], b.shape[-1]), np.float32)
            accumulate = False
        multiply(a, b, out, int(accumulate))
        return out

    def linear_forward(x, weight, bias):
        out = empty((*x.shape[:-1], weight.shape[1]), np.float32)
        linear(rows_of(x), weight, bias, rows_of(out))
        return out, (x, weight)

    def linear_backward(dout, cache):
        x, weight = cache
        dx, dweight = empty(x.shape, np.float32), empty(weight.shape, np.float32)
        dbias = empty(weight.shape[1], np.float32)
        backward(rows_of(x), rows_of(straight(dout)), weight, rows_of(dx), dweight, dbias)
        return dx, dweight, dbias

    return matmul, linear_forward, linear_backward


def softmaxes(c):
    empty, straight = c.empty, c.straight
    matmul, *_ = products(c)

    def softmax_forward(x):
        out = empty(x.shape, np.float32)
        c.softmax(straight(x), out)
        return out, out

    def softmax_backward(dout, probs):
        dx = empty(dout.shape, np.float32)
        c.softmax_backward(straight(dout), straight(probs), dx)
        return dx

    def softmax_sum(scores, values):
        return matmul(softmax_forward(scores)[0], values)

    def hide_future(scores, T, scale):
        c.hide_future(scores, T, scale)

    def cross_entropy_backward_of(probs, targets):
        dlogits = empty(probs.shape, np.float32)
        c.cross_entropy_backward(probs, c.ids(targets), dlogits)
        return dlogits

    return softmax_forward, softmax_backward, softmax_sum, hide_future, cross_entropy_backward_of


def attention(c):
    empty, straight = c.empty, c.straight

    def is_written_for(k, mask):
        """Whether kernels/attention.c can do it: heads of this size, and nothing dropped."""
        return mask is None and k.shape[2] <= MOST_KEYS and k.shape[3] <= MOST_WIDTH

    def heads_forward(q, k, v, mask=None):
        if not is_written_for(k, mask):
            return reference['heads_forward'](q, k, v, mask)
        (B, H, T, D), (K, S) = q.shape, k.shape[1:3]
        heads, weights = empty((B, T, H, D), np.float32), empty((B, H, T, S), np.float32)
        c.attention(q, k, v, weights, heads.transpose(0, 2, 1, 3))
        weights = weights.reshape(B, K, -1, S)
        return heads.reshape(B, T, -1), (q, k, v, weights, weights, None)

    def heads_backward(dheads, cache, dq, dk, dv):
        q, k, v, weights, _, mask = cache
        if not is_written_for(k, mask):
            return reference['heads_backward'](dheads, cache, dq, dk, dv)
        (B, H, T, D), S = q.shape, k.shape[2]
        c.attention_backward(q, k, v, straight(weights), dheads.reshape(B, T, H, D).transpose(
            0, 2, 1, 3), dq, dk, dv, empty((T, S), np.float32))

    return heads_forward, heads_backward


def norms(c):
    empty, straight = c.empty, c.straight

    def layernorm_forward(x, gain, bias, eps=EPS):
        normed, out = empty(x.shape, np.float32), empty(x.shape, np.float32)
        inv_std = empty((*x.shape[:-1], 1), np.float32)
        c.layernorm(straight(x), gain, bias, normed, inv_std, out, eps)
        return out, (normed, inv_std, gain)

    def layernorm_backward(dout, cache):
        normed, inv_std, gain = cache
        dx, dgain, dbias = empty(dout.shape, np.float32), empty(gain.shape, np.float32), empty(gain.shape, np.float32)
        c.layernorm_backward(straight(dout), normed, inv_std, gain, dx, dgain, dbias)
        return dx, dgain, dbias

    def rmsnorm_forward(x, gain, eps=EPS):
        normed, out = empty(x.shape, np.float32), empty(x.shape, np.float32)
        inv_rms = empty((*x.shape[:-1], 1), np.float32)
        c.rmsnorm(straight(x), gain, normed, inv_rms, out, eps)
        return out, (normed, inv_rms, gain)

    def rmsnorm_backward(dout, cache):
        normed, inv_rms, gain = cache
        dx, dgain = empty(dout.shape, np.float32), empty(gain.shape, np.float32)
        c.rmsnorm_backward(straight(dout), normed, inv_rms, gain, dx, dgain)
        return dx, dgain

    return layernorm_forward, layernorm_backward, rmsnorm_forward, rmsnorm_backward


def activations(c):
    empty, straight = c.empty, c.straight

    def gelu_forward(x):
        x, s, out = straight(x), empty(x.shape, np.float32), empty(x.shape, np.float32)
        c.gelu(x, s, out)
        return out, (x, s)

    def gelu_backward(dout, cache):
        x, s = cache
        dx = empty(x.shape, np.float32)
        c.gelu_backward(straight(dout), x, s, dx)
        return dx

    def swiglu_forward(x):
        shape = (*x.shape[:-1], x.shape[-1] // 2)
        x, s, out = straight(x), empty(shape, np.float32), empty(shape, np.float32)
        c.swiglu(x, s, out)
        return out, (x, s)

    def swiglu_backward(dout, cache):
        x, s = cache
        dx = empty(x.shape, np.float32)
        c.swiglu_backward(straight(dout), x, s, dx)
        return dx

    return gelu_forward, gelu_backward, swiglu_forward, swiglu_backward


def updates(c):
    straight = c.straight

    def embedding_backward(dout, cache):
        ids, shape = cache
        dtable = c.zeros(shape, np.float32)
        c.add_rows(straight(dout), c.ids(ids), dtable)
        return dtable

    def clip(grad, max_norm):
        norm = math.sqrt(c.sum_of_squares(grad))
        if norm > max_norm:
            grad *= max_norm / norm
        return norm

    def adamw_update(flat, grad, mean, square, decay, lr, beta1, beta2, eps, steps):
        c.adamw(flat, straight(grad), mean, square, decay, lr, beta1, beta2, eps,
                math.sqrt(1 - beta2 ** steps), 1 - beta1 ** steps)

    return embedding_backward, clip, adamw_update
