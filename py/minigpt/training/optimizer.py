"""Turn a gradient into a step of the weights: SGD, momentum, Adam, AdamW, all on the flat vector.

    sgd        w ← w − lr·g
    momentum   u ← μ·u + g,  w ← w − lr·u                                   (Polyak 1964)
    adam       m, v: running means of g and g²,  w ← w − lr·m̂ / (√v̂ + ε)    (Kingma and Ba 2015)
    adamw      adam, and w ← w − lr·λ·w beside it           (Loshchilov and Hutter 2019)

Weight decay λ pulls matrices towards 0; biases and norm gains are left alone. The first three add
λ·w to the gradient (L2), AdamW decays the weight itself.
"""

import math

import numpy as np

from minigpt.backend import kernel
from minigpt.errors import ConfigError
from minigpt.nn.parameters import Shapes

Array = np.ndarray


class SGD:
    """Plain gradient descent. `memory` names the vectors an optimizer keeps between steps."""

    def __init__(self, decay: Array):
        self.decay = decay  # (P,): λ where the parameter decays, 0 elsewhere
        self.steps = 0
        self.memory: dict[str, Array] = {}

    def step(self, flat: Array, grad: Array, lr: float) -> None:
        """Update `flat` in place with its gradient; both (P,)."""
        self.steps += 1
        flat -= lr * self.direction(grad + self.decay * flat)

    def direction(self, grad: Array) -> Array:
        """The way to go for a learning rate of 1, from the gradient (a fresh array)."""
        return grad


class Momentum(SGD):
    """SGD with a velocity that remembers a share μ of where it went."""

    def __init__(self, decay: Array, mu: float = 0.9):
        super().__init__(decay)
        self.mu = mu
        self.memory['velocity'] = np.zeros_like(decay)

    def direction(self, grad: Array) -> Array:
        velocity = self.memory['velocity']
        velocity *= self.mu
        velocity += grad
        return velocity


class Adam(SGD):
    """Each weight's step is its mean gradient over the root of its mean squared gradient."""

    def __init__(self, decay: Array, beta1: float = 0.9, beta2: float = 0.99, eps: float = 1e-8):
        super().__init__(decay)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.memory['mean'] = np.zeros_like(decay)
        self.memory['square'] = np.zeros_like(decay)

    def direction(self, grad: Array) -> Array:
        return adam_direction(grad, self.memory['mean'], self.memory['square'], self.beta1,
                              self.beta2, self.eps, self.steps)


class AdamW(Adam):
    """Adam whose weight decay acts on the weights, not through the gradient."""

    def step(self, flat: Array, grad: Array, lr: float) -> None:
        self.steps += 1
        adamw_update(flat, grad, self.memory['mean'], self.memory['square'], self.decay, lr,
                     self.beta1, self.beta2, self.eps, self.steps)


def adam_direction(grad: Array, mean: Array, square: Array, beta1: float, beta2: float, eps: float,
                   steps: int) -> Array:
    """m̂ / (√v̂ + ε) after taking the gradient into both means, in place; all (P,)."""
    scratch = (1 - beta1) * grad
    mean *= beta1
    mean += scratch
    np.multiply(grad, grad, out=scratch)
    scratch *= 1 - beta2
    square *= beta2
    square += scratch
    # Both means start at 0 and are too small at first: divide by 1 − βᵗ.
    np.sqrt(square, out=scratch)
    scratch /= math.sqrt(1 - beta2 ** steps)
    scratch += eps
    scratch *= 1 - beta1 ** steps
    return np.divide(mean, scratch, out=scratch)


@kernel
def adamw_update(flat: Array, grad: Array, mean: Array, square: Array, decay: Array, lr: float,
                 beta1: float, beta2: float, eps: float, steps: int) -> None:
    """One AdamW step: flat, mean and square in place; all (P,). `steps` counts this one."""
    flat *= 1 - lr * decay
    flat -= lr * adam_direction(grad, mean, square, beta1, beta2, eps, steps)


OPTIMIZERS = {'sgd': SGD, 'momentum': Momentum, 'adam': Adam, 'adamw': AdamW}


def make_optimizer(name: str, shapes: Shapes, *, like: Array, weight_decay: float,
                   **settings) -> SGD:
    """The optimizer of that name for parameters of these shapes; settings are its keywords.

    Its vectors are of the dtype of the array `like`, and where it is.
    """
    if name not in OPTIMIZERS:
        raise ConfigError('unknown_choice', name='optimizer', got=name,
                          choices=', '.join(OPTIMIZERS))
    decay = (weight_decay * in_matrices(shapes)).astype(like.dtype)
    return OPTIMIZERS[name](np.asarray(decay, like=like), **settings)


def in_matrices(shapes: Shapes) -> Array:
    """(P,) of 0 and 1: 1 where the parameter is part of a matrix."""
    return np.concatenate([np.full(math.prod(shape), len(shape) > 1) for shape in shapes.values()])


@kernel
def clip(grad: Array, max_norm: float) -> float:
    """Scale the gradient in place to length `max_norm` if it is longer; return its old length."""
    norm = math.sqrt(np.dot(grad, grad))
    if norm > max_norm:
        grad *= max_norm / norm
    return norm
