"""Causal multi-head self-attention (Vaswani et al. 2017): how a token looks at those before it.

    q = x Wq, k = x Wk, v = x Wv                    what I look for, what I am, what I give
    weights = softmax(q kᵀ / √D, future hidden)     how much I take from whom
    out = (weights v) Wo

With fewer key heads K than query heads H, each key head serves a group of G = H / K query heads
(GQA, Ainslie et al. 2023); GPT-2 has K = H. The G queries of a group are laid below each other as
rows, so that q kᵀ stays one product per key head:

    x (B, T, C)    q (B, K, G·T, D)    k, v (B, K, S, D)    weights (B, K, G·T, S)

S counts the tokens that can be looked at: T, or more when a KV cache remembers earlier ones.
"""

import functools
import math

import numpy as np

from minigpt.backend import kernel, matmul
from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.ops import (dropout_backward, dropout_mask, linear_backward, linear_forward,
                            softmax_backward, softmax_forward)
from minigpt.nn.parameters import Views
from minigpt.nn.positions import rope_backward, rope_forward

Array = np.ndarray
BLOCK = 64  # queries whose scores are computed at once: they fit the cache


def attention_forward(x: Array, p: Views, run: ForwardPass):
    """(B, T, C) -> (B, T, C)"""
    config = run.config
    qkv, qkv_cache = linear_forward(x, p['attn.c_attn.weight'], p['attn.c_attn.bias'])
    q, k, v = split_heads(qkv, config)
    if config.position == 'rope':
        q, k = rope_forward(q, run.positions), rope_forward(k, run.positions)
    q, k, v = run.record('attn.q', q), run.record('attn.k', k), run.record('attn.v', v)
    if run.kv_cache is not None:
        k, v = run.kv_cache.extend(run.layer, k, v)
    T, cache, mask = x.shape[1], None, None
    if run.dropout_rng is not None:
        (B, H, *_), (_, K, S, _) = q.shape, k.shape
        mask = dropout_mask((B, K, H // K * T, S), config.dropout, run.dropout_rng, like=q)
    if run.watched:
        whole = weights_step_by_step(q, k, run)
        weights = whole if mask is None else whole * mask
        heads = matmul(weights, v)
        heads, cache = join_heads(heads, T), (q, k, v, whole, weights, mask)
    elif run.keep:
        heads, cache = heads_forward(q, k, v, mask)
    else:
        heads = join_heads(attended(q, k, v), T)
    heads = run.record('attn.heads', heads)
    out, proj_cache = linear_forward(heads, p['attn.c_proj.weight'], p['attn.c_proj.bias'])
    out = run.record('attn.out', out)
    return out, (run, qkv_cache, cache, proj_cache)


@kernel
def heads_forward(q: Array, k: Array, v: Array, mask: Array | None = None):
    """weights v, the heads side by side.   (B, H, T, D), (B, K, S, D) twice -> (B, T, H·D)

    A mask (B, K, G·T, S) multiplies the weights: dropout's.
    """
    T = q.shape[2]
    weights = attention_weights(q, k)
    kept = weights if mask is None else weights * mask
    return join_heads(weighted_sum(kept, v, T), T), (q, k, v, weights, kept, mask)


def attended(q: Array, k: Array, v: Array) -> Array:
    """weights v, each block of weights used while it is in the cache (cf. Dao et al. 2022).

    (B, H, T, D), (B, K, S, D), (B, K, S, D) -> (B, K, G·T, D)
    """
    B, H, T, D = q.shape
    K, values = v.shape[1], v[:, :, None]
    out = np.empty_like(v, shape=(B, K, H // K, T, D))
    for rows, seen, block in score_blocks(q, k):
        out[..., rows, :] = softmax_sum(block, values[..., :seen, :])
    return out.reshape(B, K, -1, D)


@kernel
def softmax_sum(scores: Array, values: Array) -> Array:
    """softmax(scores) values; the scores are overwritten.   (…, T, S), (…, S, D) -> (…, T, D)"""
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    out = matmul(scores, values)
    out *= 1 / np.einsum('...s->...', scores)[..., None]  # D numbers to divide instead of S
    return out


def weights_step_by_step(q: Array, k: Array, run: ForwardPass) -> Array:
    """The formula as it is written, each step with its name: the slow and plain twin of what
    follows.   (B, H, T, D), (B, K, S, D) -> (B, K, G·T, S)
    """
    B, H, T, D = q.shape
    K, S = k.shape[1:3]
    dots = matmul(q.reshape(B, K, -1, D), k.swapaxes(-1, -2)).reshape(B, H, T, S)
    dots = run.record('attn.dots', dots)
    mask = run.record('attn.mask', np.asarray(hidden_future(T, S, q.dtype), like=q))
    scores = run.record('attn.scores', dots * (1 / math.sqrt(D)) + mask)
    weights, _ = softmax_forward(scores)
    return run.record('attn.weights', weights).reshape(B, K, -1, S)


def attention_weights(q: Array, k: Array) -> Array:
    """softmax(q kᵀ / √D) with the future hidden.   (B, H, T, D), (B, K, S, D) -> (B, K, G·T, S)"""
    B, H, T, _ = q.shape
    K, S = k.shape[1:3]
    weights = np.zeros_like(q, shape=(B, K, H // K, T, S))
    for rows, seen, block in score_blocks(q, k):
        weights[..., rows, :seen], _ = softmax_forward(block)
    return weights.reshape(B, K, -1, S)


def weighted_sum(weights: Array, v: Array, T: int) -> Array:
    """weights v, passing over what is hidden.   (B, K, G·T, S), (B, K, S, D) -> (B, K, G·T, D)"""
    B, K, GT, S = weights.shape
    weights, values = weights.reshape(B, K, -1, T, S), v[:, :, None]
    out = np.empty_like(v, shape=(*weights.shape[:4], v.shape[-1]))
    for rows, seen in causal_blocks(T, S):
        out[..., rows, :] = matmul(weights[..., rows, :seen], values[..., :seen, :])
    return out.reshape(B, K, GT, -1)


def score_blocks(q: Array, k: Array):
    """q kᵀ / √D with the future hidden, by blocks of queries that fit the processor's cache.

    Yields the rows of the block, how many keys it sees, its scores (B, K, G, rows, seen).
    """
    B, H, T, D = q.shape
    K, S = k.shape[1:3]
    q = q.reshape(B, K, H // K, T, D)
    keys = k[:, :, None].swapaxes(-1, -2)
    for rows, seen in causal_blocks(T, S):
        block = matmul(q[..., rows, :], keys[..., :seen])
        hide_future(block, rows.stop - rows.start, 1 / math.sqrt(D))
        yield rows, seen, block


def causal_blocks(T: int, S: int):
    """Cut the T queries into blocks of rows; yield each with how many of the S keys it may see.

    What is hidden from a whole block is not computed at all: for long texts, nearly half of it.
    """
    for start in range(0, T, BLOCK):
        rows = slice(start, min(T, start + BLOCK))
        yield rows, S - T + rows.stop


def attention_backward(dout: Array, cache) -> tuple[Array, Views]:
    """-> dx (B, T, C), gradients of the four parameters"""
    run, qkv_cache, heads_cache, proj_cache = cache
    config = run.config
    dheads, dproj_weight, dproj_bias = linear_backward(dout, proj_cache)
    dqkv = np.empty_like(dout, shape=(*qkv_cache[0].shape[:2], qkv_cache[1].shape[1]))
    dq, dk, dv = split_heads(dqkv, config)
    heads_backward(dheads, heads_cache, dq, dk, dv)
    if config.position == 'rope':
        dq[...], dk[...] = rope_backward(dq, run.positions), rope_backward(dk, run.positions)
    dx, dqkv_weight, dqkv_bias = linear_backward(dqkv, qkv_cache)
    return dx, {'attn.c_attn.weight': dqkv_weight, 'attn.c_attn.bias': dqkv_bias,
                'attn.c_proj.weight': dproj_weight, 'attn.c_proj.bias': dproj_bias}


@kernel
def heads_backward(dheads: Array, cache, dq: Array, dk: Array, dv: Array) -> None:
    """Write the gradients of q, k and v into dq (B, H, T, D), dk and dv (B, K, S, D)."""
    q, k, v, weights, kept, mask = cache
    (B, H, T, D), K = q.shape, k.shape[1]
    dheads = dheads.reshape(B, T, H, D).transpose(0, 2, 1, 3)
    if K < H:
        q, dheads = q.reshape(B, K, -1, D), dheads.reshape(B, K, -1, D)
    dweights = dropout_backward(matmul(dheads, v.swapaxes(-1, -2)), mask)
    dscores = softmax_backward(dweights, weights)
    dscores *= 1 / math.sqrt(D)
    dq[...] = matmul(dscores, k).reshape(dq.shape)
    matmul(dscores.swapaxes(-1, -2), q, out=dk)
    matmul(kept.swapaxes(-1, -2), dheads, out=dv)


def split_heads(qkv: Array, config) -> list[Array]:
    """(B, T, (H + 2K)·D) -> views q (B, H, T, D), k and v (B, K, T, D)"""
    B, T, _ = qkv.shape
    heads = qkv.reshape(B, T, -1, config.head_width).transpose(0, 2, 1, 3)
    H, K = config.n_head, config.kv_heads
    return [heads[:, :H], heads[:, H:H + K], heads[:, H + K:]]


def join_heads(heads: Array, T: int) -> Array:
    """(B, K, G·T, D) -> (B, T, C)"""
    B, D = heads.shape[0], heads.shape[-1]
    return heads.reshape(B, -1, T, D).transpose(0, 2, 1, 3).reshape(B, T, -1)


@kernel
def hide_future(scores: Array, T: int, scale: float) -> None:
    """Scale the scores (…, T, S) and set those of later tokens to −∞, in place.

    The T tokens that look are the last of the S.
    """
    scores *= scale
    if T > 1:  # a single token may look at all that is there
        S = scores.shape[-1]
        scores.reshape(-1, T, S)[..., S - T:] += np.asarray(causal_mask(T, scores.dtype), like=scores)


def hidden_future(T: int, S: int, dtype) -> Array:
    """(T, S): `causal_mask` for the last T of S tokens; all may look at those before them."""
    return np.concatenate([np.zeros((T, S - T), dtype), causal_mask(T, dtype)], axis=1)


@functools.lru_cache(maxsize=8)  # not one for each length that a text ever had
def causal_mask(size: int, dtype) -> Array:
    """(size, size): 0 where a token may look, −∞ on the tokens after it."""
    return np.triu(np.full((size, size), -np.inf, dtype), k=1)
