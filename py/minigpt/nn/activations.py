"""The bend between the two layers of the MLP; without one they would be a single layer.

F numbers a token come out, `GPTConfig.mlp_width`. As many go in; 2·F with SwiGLU, whose one half
opens and shuts the other.
"""

import math

import numpy as np

from minigpt.backend import kernel

Array = np.ndarray

GELU_SCALE = math.sqrt(2 / math.pi)


@kernel
def gelu_forward(x: Array):
    """GPT-2's GELU: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) (Hendrycks and Gimpel 2016)."""
    t = x * x
    t *= 0.044715 * GELU_SCALE
    t += GELU_SCALE
    t *= x
    np.tanh(t, out=t)
    out = t + 1
    out *= x
    out *= 0.5
    return out, (x, t)


@kernel
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


@kernel
def relu_forward(x: Array):
    """max(0, x)"""
    return np.maximum(x, 0), x


@kernel
def relu_backward(dout: Array, x: Array) -> Array:
    """-> dx"""
    return dout * (x > 0)


@kernel
def swiglu_forward(x: Array):
    """x = [gate | value] -> gate · sigmoid(gate) · value (Shazeer 2020).   (…, 2F) -> (…, F)"""
    gate, value = np.split(x, 2, axis=-1)
    sigmoid = 0.5 * (1 + np.tanh(0.5 * gate))  # the same as 1 / (1 + e^-gate), without overflow
    return gate * sigmoid * value, (gate, value, sigmoid)


@kernel
def swiglu_backward(dout: Array, cache) -> Array:
    """-> dx (…, 2F)"""
    gate, value, sigmoid = cache
    dgate = dout * value * sigmoid * (1 + gate * (1 - sigmoid))
    dvalue = dout * gate * sigmoid
    return np.concatenate([dgate, dvalue], axis=-1)


ACTIVATIONS = {'gelu': (gelu_forward, gelu_backward), 'relu': (relu_forward, relu_backward),
               'swiglu': (swiglu_forward, swiglu_backward)}
