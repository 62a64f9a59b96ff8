"""The kernels of the device `webgpu`, by name: each writes down the commands that compute it."""

import math

import numpy as np

from minigpt.backend import gpu_layout
from minigpt.backend.gpu_array import GpuArray
from minigpt.backend.gpu_layout import grid
from minigpt.backend.matmul_ladder import fitting, groups

TINY = float(np.finfo(np.float32).tiny)
EPS = 1e-5
PARTS = 256  # sums that reductions.wgsl makes first


def kernels(gpu) -> dict:
    """Name → function, with the arguments and results of the kernels in nn/ and training/."""
    found = (*products(gpu), *softmaxes(gpu), *norms(gpu), *activations(gpu), *embeddings(gpu),
             *losses(gpu), *updates(gpu))
    return {function.__name__: function for function in found}


def rows_of(x: GpuArray) -> tuple[int, int]:
    """(rows, width) of an array seen as a table of its last axis."""
    return (x.size // x.shape[-1] if x.size else 0), x.shape[-1]


def whole(x: GpuArray) -> GpuArray:
    """x as the programs read it that know no strides: from the beginning of a buffer, no gaps."""
    return x if gpu_layout.is_straight(x.layout) and not x.layout.offset else x.copy()


def products(gpu):
    def matmul(a, b, out=None, accumulate=False):
        (M, K), (k, N) = a.shape[-2:], b.shape[-2:]
        leading = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        if K != k:
            raise ValueError(f'matmul: {a.shape} and {b.shape} do not fit')
        if out is None:
            out = gpu.empty((*leading, M, N))
        elif out.shape != (*leading, M, N):
            raise ValueError(f'matmul: the product has shape {(*leading, M, N)}, out {out.shape}')
        elif out.buffer in (a.buffer, b.buffer):
            raise ValueError('matmul: out overlaps an operand in memory')
        a, b = broadcast(a, leading), broadcast(b, leading)
        shape, strides = gpu_layout.collapsed(leading, *(x.layout.strides[:-2] for x in (a, b, out)))
        if len(shape) > 3:
            raise NotImplementedError(f'matmul: {leading} are more than three axes to walk')
        fill = 3 - len(shape)
        values = (*(1,) * fill, *shape, 0,
                  *(step for steps in strides for step in ((0,) * fill + tuple(steps) + (0,))),
                  M, N, K, int(accumulate),
                  *(number for x in (a, b, out) for number in (x.layout.offset,
                                                              *x.layout.strides[-2:])))
        batch = math.prod(shape)
        if M * N * batch:
            rung = gpu.rung or fitting(M, N)
            gpu.run(f'matmul_{rung}', [a, b, out], values, groups(rung, M, N, batch))
        return out

    def linear_forward(x, weight, bias):
        out = gpu.empty((*x.shape[:-1], weight.shape[1]))
        gpu.elementwise('copy', out, bias)
        matmul(x.reshape(-1, x.shape[-1]), weight, out.reshape(-1, weight.shape[1]), True)
        return out, (x, weight)

    def linear_backward(dout, cache):
        x, weight = cache
        flat_x, flat_dout = x.reshape(-1, x.shape[-1]), dout.reshape(-1, dout.shape[-1])
        dx = matmul(flat_dout, weight.T).reshape(x.shape)
        return dx, matmul(flat_x.T, flat_dout), gpu.sum_rows(flat_dout)

    return matmul, linear_forward, linear_backward


def broadcast(x: GpuArray, leading: tuple) -> GpuArray:
    return x.view(gpu_layout.broadcast(x.layout, (*leading, *x.shape[-2:])))


def softmaxes(gpu):
    def softmax_forward(x):
        x, out = whole(x), gpu.empty(x.shape)
        gpu.run('softmax_forward', [x, out], rows_of(x), grid(rows_of(x)[0], 1))
        return out, out

    def softmax_backward(dout, probs):
        dout, probs, dx = whole(dout), whole(probs), gpu.empty(dout.shape)
        gpu.run('softmax_backward', [probs, dx, dout], rows_of(dout), grid(rows_of(dout)[0], 1))
        return dx

    def hide_future(scores, T, scale):
        if whole(scores) is not scores:
            raise NotImplementedError('hide_future: the scores of a view')
        gpu.run('hide_future', [scores], (scores.size, T, scores.shape[-1], scale),
                grid(scores.size))

    def softmax_sum(scores, values):
        return gpu.kernels['matmul'](softmax_forward(scores)[0], values)

    return softmax_forward, softmax_backward, hide_future, softmax_sum


def norms(gpu):
    def layernorm_forward(x, gain, bias, eps=EPS):
        x, normed, out = whole(x), gpu.empty(x.shape), gpu.empty(x.shape)
        inv_std = gpu.empty((*x.shape[:-1], 1))
        gpu.run('layernorm_forward', [x, gain, bias, out, normed, inv_std],
                (*rows_of(x), gain.layout.offset, bias.layout.offset, eps), grid(rows_of(x)[0], 1))
        return out, (normed, inv_std, gain)

    def layernorm_backward(dout, cache):
        normed, inv_std, gain = cache
        dout, dx = whole(dout), gpu.empty(dout.shape)
        gpu.run('layernorm_backward', [dout, gain, None, dx, normed, inv_std],
                (*rows_of(dout), gain.layout.offset, 0, 0.0), grid(rows_of(dout)[0], 1))
        flat = dout.reshape(-1, dout.shape[-1])
        return dx, gpu.sum_rows(flat, normed), gpu.sum_rows(flat)

    def rmsnorm_forward(x, gain, eps=EPS):
        x, normed, out = whole(x), gpu.empty(x.shape), gpu.empty(x.shape)
        inv_rms = gpu.empty((*x.shape[:-1], 1))
        gpu.run('rmsnorm_forward', [x, gain, out, normed, inv_rms],
                (*rows_of(x), gain.layout.offset, eps), grid(rows_of(x)[0], 1))
        return out, (normed, inv_rms, gain)

    def rmsnorm_backward(dout, cache):
        normed, inv_rms, gain = cache
        dout, dx = whole(dout), gpu.empty(dout.shape)
        gpu.run('rmsnorm_backward', [dout, gain, dx, normed, inv_rms],
                (*rows_of(dout), gain.layout.offset, 0.0), grid(rows_of(dout)[0], 1))
        return dx, gpu.sum_rows(dout.reshape(-1, dout.shape[-1]), normed)

    return layernorm_forward, layernorm_backward, rmsnorm_forward, rmsnorm_backward


def activations(gpu):
    def pair(name: str):
        def forward(x):
            x, out = whole(x), gpu.empty(x.shape)
            gpu.run(f'{name}_forward', [x, out], (x.size,), grid(x.size))
            return out, x

        def backward(dout, x):
            dout, dx = whole(dout), gpu.empty(x.shape)
            gpu.run(f'{name}_backward', [x, dx, dout], (x.size,), grid(x.size))
            return dx

        forward.__name__, backward.__name__ = f'{name}_forward', f'{name}_backward'
        return forward, backward

    def swiglu_forward(x):
        width = x.shape[-1] // 2
        x, out = whole(x), gpu.empty((*x.shape[:-1], width))
        gpu.run('swiglu_forward', [x, out], (out.size, width), grid(out.size))
        return out, x

    def swiglu_backward(dout, x):
        dout, dx = whole(dout), gpu.empty(x.shape)
        gpu.run('swiglu_backward', [x, dx, dout], (dout.size, dout.shape[-1]), grid(dout.size))
        return dx

    return *pair('gelu'), *pair('relu'), swiglu_forward, swiglu_backward


def embeddings(gpu):
    def embedding_forward(ids, table):
        out = gpu.empty((*ids.shape, table.shape[1]))
        gpu.run('embedding_forward', [ids, table, out],
                (out.size, table.shape[1], table.layout.offset), grid(out.size))
        return out, (ids, table.shape)

    def embedding_backward(dout, cache):
        ids, (N, C) = cache
        order = np.argsort(ids.host, axis=None, kind='stable')
        rows, starts = np.unique(ids.host.reshape(-1)[order], return_index=True)
        dtable = gpu.empty((N, C))
        gpu.elementwise('copy', dtable, 0.0)
        gpu.run('embedding_backward', [gpu.put(rows), whole(dout), dtable, gpu.put(order),
                                       gpu.put(np.append(starts, len(order)))],
                (len(rows) * C, C, 0), grid(len(rows) * C))
        return dtable

    def turned(x, cos, sin):
        x, out = whole(x), gpu.empty(x.shape)
        T, half = cos.shape
        gpu.run('turned', [x, out, whole(cos), whole(sin)], (x.size // 2, T, half),
                grid(x.size // 2))
        return out

    return embedding_forward, embedding_backward, turned


def losses(gpu):
    def cross_entropy_forward(logits, targets):
        probs, _ = gpu.kernels['softmax_forward'](logits)
        rows, width = rows_of(probs)
        each, loss = gpu.empty(rows), gpu.empty(())
        gpu.run('cross_entropy_forward', [probs, targets, each], (0, width, rows, TINY), grid(rows))
        gpu.run('total', [each, loss], (rows, 1 / rows), (1, 1, 1))
        return loss, (probs, targets)

    def cross_entropy_backward_of(probs, targets):
        rows, width = rows_of(probs)
        dlogits = gpu.empty(probs.shape)
        gpu.run('cross_entropy_backward', [probs, targets, dlogits],
                (probs.size, width, rows, TINY), grid(probs.size))
        return dlogits

    return cross_entropy_forward, cross_entropy_backward_of


def updates(gpu):
    def clip(grad, max_norm):
        parts, norm = gpu.empty(PARTS), gpu.empty(())
        gpu.run('squares', [grad, parts], (grad.size, 0.0), (PARTS, 1, 1))
        gpu.run('root', [parts, norm], (PARTS, 0.0), (1, 1, 1))
        gpu.run('shorten', [norm, grad], (grad.size, max_norm), grid(grad.size))
        return norm

    def adamw_update(flat, grad, mean, square, decay, lr, beta1, beta2, eps, steps):
        gpu.run('adamw', [flat, grad, mean, square, decay],
                (flat.size, lr, beta1, beta2, eps, 1 - beta1 ** steps,
                 math.sqrt(1 - beta2 ** steps)), grid(flat.size))

    return clip, adamw_update
