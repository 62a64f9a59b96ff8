"""AdamW on the flat parameter vector (Loshchilov and Hutter 2019), and gradient clipping."""

import math

import numpy as np

from minigpt.nn.parameters import Shapes

Array = np.ndarray


class AdamW:
    """Each weight's step is its mean gradient over the root of its mean squared gradient.

    Matrices decay towards 0 a little at each step; biases and layernorm gains do not.
    """

    def __init__(self, shapes: Shapes, size: int, dtype=np.float32, *, beta1: float = 0.9,
                 beta2: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.1):
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.mean = np.zeros(size, dtype)
        self.square = np.zeros(size, dtype)
        self.steps = 0
        self.decay = weight_decay * decays(shapes).astype(dtype)

    def step(self, flat: Array, grad: Array, lr: float) -> None:
        """Update `flat` in place with its gradient; both (P,)."""
        self.steps += 1
        scratch = (1 - self.beta1) * grad
        self.mean *= self.beta1
        self.mean += scratch
        np.multiply(grad, grad, out=scratch)
        scratch *= 1 - self.beta2
        self.square *= self.beta2
        self.square += scratch
        np.sqrt(self.square, out=scratch)
        # Both means start at 0 and are too small at first; their corrections, taken together.
        scratch /= math.sqrt(1 - self.beta2 ** self.steps)
        scratch += self.eps
        np.divide(self.mean, scratch, out=scratch)
        scratch *= lr / (1 - self.beta1 ** self.steps)
        flat *= 1 - lr * self.decay
        flat -= scratch


def decays(shapes: Shapes) -> Array:
    """(P,) of 0 and 1: 1 where the parameter is part of a matrix."""
    return np.concatenate([np.full(math.prod(shape), len(shape) > 1) for shape in shapes.values()])


def clip(grad: Array, max_norm: float) -> float:
    """Scale the gradient in place to length `max_norm` if it is longer; return its old length."""
    norm = math.sqrt(np.dot(grad, grad))
    if norm > max_norm:
        grad *= max_norm / norm
    return norm
