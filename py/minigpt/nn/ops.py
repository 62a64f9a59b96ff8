"""The operations of a GPT, each as a neighbouring pair.

    x_forward(inputs) -> out, cache          what it computes, and what its backward needs
    x_backward(dout, cache) -> d…            dout is dLoss/dout; returns dLoss/d… for each input

Leading dimensions (batch B, time T) are written `…`.
"""

import math

import numpy as np

Array = np.ndarray


def linear_forward(x: Array, weight: Array, bias: Array):
    """y = x W + b.   (…, I), (I, O), (O,) -> (…, O)"""
    out = x @ weight
    out += bias
    return out, (x, weight)


def linear_backward(dout: Array, cache):
    """-> dx (…, I), dW (I, O), db (O,)"""
    x, weight = cache
    flat_x, flat_dout = x.reshape(-1, x.shape[-1]), dout.reshape(-1, dout.shape[-1])
    return dout @ weight.T, flat_x.T @ flat_dout, flat_dout.sum(axis=0)


def layernorm_forward(x: Array, gain: Array, bias: Array, eps: float = 1e-5):
    """Each vector to mean 0 and variance 1, then gain and bias (Ba et al. 2016).   (…, C)"""
    normed = x - x.mean(axis=-1, keepdims=True)
    variance = np.einsum('...c,...c->...', normed, normed)[..., None] / x.shape[-1]
    inv_std = 1 / np.sqrt(variance + eps)
    normed *= inv_std
    return normed * gain + bias, (normed, inv_std, gain)


def layernorm_backward(dout: Array, cache):
    """-> dx (…, C), dgain (C,), dbias (C,)"""
    normed, inv_std, gain = cache
    C = gain.shape[0]
    dgain = np.einsum('nc,nc->c', dout.reshape(-1, C), normed.reshape(-1, C))
    dbias = dout.reshape(-1, C).sum(axis=0)
    # Moving one input also moves the mean and the variance of its vector: the two subtractions.
    dx = dout * gain
    mean_part = dx.mean(axis=-1, keepdims=True)
    variance_part = np.einsum('...c,...c->...', dx, normed)[..., None] / C
    dx -= mean_part
    dx -= normed * variance_part
    dx *= inv_std
    return dx, dgain, dbias


GELU_SCALE = math.sqrt(2 / math.pi)


def gelu_forward(x: Array):
    """GPT-2's GELU: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) (Hendrycks and Gimpel 2016)."""
    t = x * x
    t *= 0.044715
    t += 1
    t *= x
    t *= GELU_SCALE
    np.tanh(t, out=t)
    out = t + 1
    out *= x
    out *= 0.5
    return out, (x, t)


def gelu_backward(dout: Array, cache):
    """-> dx"""
    x, t = cache
    inner = x * x
    inner *= 3 * 0.044715 * GELU_SCALE
    inner += GELU_SCALE
    slope = 1 - t * t
    slope *= inner
    slope *= x
    slope += t
    slope += 1
    slope *= 0.5
    slope *= dout
    return slope


def softmax_forward(x: Array):
    """exp(x) / Σ exp(x) along the last axis, shifted by the maximum so that exp cannot overflow."""
    out = x - x.max(axis=-1, keepdims=True)
    np.exp(out, out=out)
    out /= out.sum(axis=-1, keepdims=True)
    return out, out


def softmax_backward(dout: Array, probs: Array):
    """-> dx; each probability pushes the others down: dx = p · (dout − Σ dout·p)"""
    dx = dout - np.einsum('...v,...v->...', dout, probs)[..., None]
    dx *= probs
    return dx


def embedding_forward(ids: Array, table: Array):
    """Row ids[…] of the table.   (…) int, (N, C) -> (…, C)"""
    return table[ids], (ids, table.shape)


def embedding_backward(dout: Array, cache):
    """-> dtable (N, C): each row gathers the gradients of the places that used it."""
    ids, (N, C) = cache
    # Sorting the ids turns the scattered sum into one pass; np.add.at is far slower.
    order = np.argsort(ids, axis=None, kind='stable')
    rows, starts = np.unique(ids.reshape(-1)[order], return_index=True)
    dtable = np.zeros((N, C), dout.dtype)
    dtable[rows] = np.add.reduceat(dout.reshape(-1, C)[order], starts, axis=0)
    return dtable
