"""Keep the numbers of the residual stream at a steady size: LayerNorm, or the simpler RMSNorm.

Both act on each vector alone, (…, C) -> (…, C), and then scale each of its C values by a learnt
gain; LayerNorm also adds a learnt bias.
"""

import numpy as np

from minigpt.backend import kernel
from minigpt.nn.parameters import Views

Array = np.ndarray


def norm_forward(x: Array, p: Views, name: str, kind: str):
    """The norm called `name` ('ln_1') with its parameters from `p`."""
    gain = p[f'{name}.weight']
    if kind == 'rmsnorm':
        return rmsnorm_forward(x, gain)
    return layernorm_forward(x, gain, p[f'{name}.bias'])


def norm_backward(dout: Array, cache, name: str, kind: str) -> tuple[Array, Views]:
    """-> dx, gradients of the norm's parameters by name"""
    if kind == 'rmsnorm':
        dx, dgain = rmsnorm_backward(dout, cache)
        return dx, {f'{name}.weight': dgain}
    dx, dgain, dbias = layernorm_backward(dout, cache)
    return dx, {f'{name}.weight': dgain, f'{name}.bias': dbias}


@kernel
def layernorm_forward(x: Array, gain: Array, bias: Array, eps: float = 1e-5):
    """Each vector to mean 0 and variance 1, then gain and bias (Ba et al. 2016).   (…, C)"""
    C = x.shape[-1]
    normed = x - x.sum(axis=-1, keepdims=True) / C
    variance = np.einsum('...c,...c->...', normed, normed)[..., None] / C
    inv_std = 1 / np.sqrt(variance + eps)
    normed *= inv_std
    return normed * gain + bias, (normed, inv_std, gain)


@kernel
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


@kernel
def rmsnorm_forward(x: Array, gain: Array, eps: float = 1e-5):
    """Each vector to a mean square of 1, then gain (Zhang and Sennrich 2019).   (…, C)"""
    mean_square = np.einsum('...c,...c->...', x, x)[..., None] / x.shape[-1]
    inv_rms = 1 / np.sqrt(mean_square + eps)
    normed = x * inv_rms
    return normed * gain, (normed, inv_rms, gain)


@kernel
def rmsnorm_backward(dout: Array, cache):
    """-> dx (…, C), dgain (C,)"""
    normed, inv_rms, gain = cache
    C = gain.shape[0]
    dgain = np.einsum('nc,nc->c', dout.reshape(-1, C), normed.reshape(-1, C))
    dx = dout * gain
    dx -= normed * (np.einsum('...c,...c->...', dx, normed)[..., None] / C)
    dx *= inv_rms
    return dx, dgain
