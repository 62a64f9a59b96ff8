"""The plain operations of a GPT, each as a neighbouring pair.

    x_forward(inputs) -> out, cache          what it computes, and what its backward needs
    x_backward(dout, cache) -> d…            dout is dLoss/dout; returns dLoss/d… for each input

Leading dimensions (batch B, time T) are written `…`.
"""

import numpy as np

from minigpt.backend import kernel, matmul

Array = np.ndarray


@kernel
def linear_forward(x: Array, weight: Array, bias: Array):
    """y = x W + b.   (…, I), (I, O), (O,) -> (…, O)"""
    out = matmul(x, weight)
    out += bias
    return out, (x, weight)


@kernel
def linear_backward(dout: Array, cache):
    """-> dx (…, I), dW (I, O), db (O,)"""
    x, weight = cache
    flat_x, flat_dout = x.reshape(-1, x.shape[-1]), dout.reshape(-1, dout.shape[-1])
    return matmul(dout, weight.T), matmul(flat_x.T, flat_dout), flat_dout.sum(axis=0)


@kernel
def softmax_forward(x: Array):
    """exp(x) / Σ exp(x) along the last axis, shifted by the maximum so that exp cannot overflow."""
    out = x - x.max(axis=-1, keepdims=True)
    np.exp(out, out=out)
    out *= 1 / np.einsum('...v->...', out)[..., None]  # einsum sums rows faster than sum does
    return out, out


@kernel
def softmax_backward(dout: Array, probs: Array):
    """-> dx; each probability pushes the others down: dx = p · (dout − Σ dout·p)"""
    dx = dout - np.einsum('...v,...v->...', dout, probs)[..., None]
    dx *= probs
    return dx


@kernel
def embedding_forward(ids: Array, table: Array):
    """Row ids[…] of the table.   (…) int, (N, C) -> (…, C)"""
    return table[ids], (ids, table.shape)


@kernel
def embedding_backward(dout: Array, cache):
    """-> dtable (N, C): each row gathers the gradients of the places that used it."""
    ids, (N, C) = cache
    # Sorting the ids turns the scattered sum into one pass; np.add.at is far slower.
    order = np.argsort(ids, axis=None, kind='stable')
    rows, starts = np.unique(ids.reshape(-1)[order], return_index=True)
    dtable = np.zeros_like(dout, shape=(N, C))
    dtable[rows] = np.add.reduceat(dout.reshape(-1, C)[order], starts, axis=0)
    return dtable


def dropout_forward(x: Array, rate: float, rng: np.random.Generator | None):
    """Set a share `rate` of the values to 0 and grow the rest to keep the mean (Srivastava 2014).

    Only while training: without `rng` nothing is dropped.
    """
    mask = dropout_mask(x.shape, rate, rng, like=x)
    return (x, None) if mask is None else (x * mask, mask)


def dropout_mask(shape: tuple[int, ...], rate: float, rng: np.random.Generator | None,
                 like: Array) -> Array | None:
    """What dropout multiplies with, of the kind of `like` and where it is; None without dropout."""
    if rng is None or rate == 0:
        return None
    mask = (rng.random(shape, np.float32) >= rate).astype(like.dtype)
    mask *= 1 / (1 - rate)
    return np.asarray(mask, like=like)


def dropout_backward(dout: Array, mask: Array | None) -> Array:
    """-> dx: the gradient goes where the value went"""
    return dout if mask is None else dout * mask
