"""Causal multi-head self-attention (Vaswani et al. 2017): how a token looks at those before it.

    q = x Wq, k = x Wk, v = x Wv                    what I look for, what I am, what I give
    weights = softmax(q kᵀ / √D, future hidden)     how much I take from whom
    out = (weights v) Wo

Shapes: x (B, T, C); q, k, v (B, H, T, D); weights (B, H, T, S), where S counts the tokens that can
be looked at: T, or more when a `KVCache` remembers earlier ones.
"""

import math

import numpy as np

from minigpt.nn.ops import linear_backward, linear_forward, softmax_backward, softmax_forward
from minigpt.nn.parameters import Views
from minigpt.nn.trace import Trace, record

Array = np.ndarray


def attention_forward(x: Array, p: Views, n_head: int, *, past=None, trace: Trace | None = None,
                      name: str = ''):
    """(B, T, C) -> (B, T, C). `past(k, v)` stores this step's keys and values and returns all."""
    qkv, qkv_cache = linear_forward(x, p['attn.c_attn.weight'], p['attn.c_attn.bias'])
    q, k, v = split_heads(qkv, n_head)
    record(trace, f'{name}attn.q', q)
    record(trace, f'{name}attn.k', k)
    record(trace, f'{name}attn.v', v)
    if past is not None:
        k, v = past(k, v)
    scores = q @ k.swapaxes(-1, -2)
    scores *= 1 / math.sqrt(q.shape[-1])
    scores += causal_mask(q.shape[-2], k.shape[-2], scores.dtype)
    record(trace, f'{name}attn.scores', scores)
    weights, _ = softmax_forward(scores)
    record(trace, f'{name}attn.weights', weights)
    heads = join_heads(weights @ v)
    record(trace, f'{name}attn.heads', heads)
    out, proj_cache = linear_forward(heads, p['attn.c_proj.weight'], p['attn.c_proj.bias'])
    record(trace, f'{name}attn.out', out)
    return out, (qkv_cache, q, k, v, weights, proj_cache)


def attention_backward(dout: Array, cache) -> tuple[Array, Views]:
    """-> dx (B, T, C), gradients of the four parameters"""
    qkv_cache, q, k, v, weights, proj_cache = cache
    dheads, dproj_weight, dproj_bias = linear_backward(dout, proj_cache)
    B, H, T, D = q.shape
    dheads = dheads.reshape(B, T, H, D).transpose(0, 2, 1, 3)
    dqkv = np.empty((B, T, 3, H, D), dout.dtype)
    dq, dk, dv = dqkv.transpose(2, 0, 3, 1, 4)
    np.matmul(weights.swapaxes(-1, -2), dheads, out=dv)
    dscores = softmax_backward(dheads @ v.swapaxes(-1, -2), weights)
    dscores *= 1 / math.sqrt(D)
    np.matmul(dscores, k, out=dq)
    np.matmul(dscores.swapaxes(-1, -2), q, out=dk)
    dx, dqkv_weight, dqkv_bias = linear_backward(dqkv.reshape(B, T, 3 * H * D), qkv_cache)
    return dx, {'attn.c_attn.weight': dqkv_weight, 'attn.c_attn.bias': dqkv_bias,
                'attn.c_proj.weight': dproj_weight, 'attn.c_proj.bias': dproj_bias}


def split_heads(qkv: Array, n_head: int) -> Array:
    """(B, T, 3C) -> q, k, v stacked: (3, B, H, T, D), a view"""
    B, T, C3 = qkv.shape
    return qkv.reshape(B, T, 3, n_head, C3 // (3 * n_head)).transpose(2, 0, 3, 1, 4)


def join_heads(heads: Array) -> Array:
    """(B, H, T, D) -> (B, T, C)"""
    B, H, T, D = heads.shape
    return heads.transpose(0, 2, 1, 3).reshape(B, T, H * D)


def causal_mask(T: int, S: int, dtype) -> Array:
    """(T, S): 0 where a token may look, −∞ on the tokens after it. The T are the last of the S."""
    return np.triu(np.full((T, S), -np.inf, dtype), k=S - T + 1)
