"""Exact t-SNE: place points so that neighbours stay neighbours (van der Maaten, Hinton 2008).

    q(ij) = 1/(1 + |yᵢ − yⱼ|²) / the sum of that over all pairs
    KL    = Σ p(ij) ln(p(ij) / q(ij))              what the placing gets wrong, in nats
    ∂KL/∂yᵢ = 4 Σⱼ (p(ij) − q(ij)) (yᵢ − yⱼ) / (1 + |yᵢ − yⱼ|²)

Only nearness is kept: distances between clusters and their sizes on the picture mean little.
Work and memory grow with N²; fine up to a few thousand points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from minigpt.embeddings.affinities import joint_probabilities
from minigpt.embeddings.pca import checked
from minigpt.errors import EmbeddingError, check_kind

Array = np.ndarray
EXAGGERATION = 12          # p(ij) times this at first, so that clusters form and pass each other
EXAGGERATED_STEPS = 250
MOMENTUM = (0.5, 0.8)      # during and after exaggeration


@dataclass(frozen=True)
class TsneStep:
    """The picture after `iteration` updates."""
    iteration: int
    positions: Array    # (N, 2) float64, centred on 0
    kl: float           # nats, of the true p(ij) also during exaggeration
    exaggerated: bool


def tsne(vectors: Array, *, perplexity: float = 30.0, n_iterations: int = 1000,
         learning_rate: float | None = None, every: int = 10,
         rng: np.random.Generator) -> Iterator[TsneStep]:
    """Yield the positions of vectors (N, C) after every `every` updates and after the last.

    Gradient descent with momentum and a gain per coordinate (Jacobs 1988), from normal(0, 1e-4)
    drawn from `rng`; exaggeration lasts 250 updates, or a quarter of a run shorter than 1000.
    The default learning rate is max(N / 48, 50) (Belkina et al. 2019). Closing the generator
    stops.

    Raises EmbeddingError, at the call, for settings out of range, a perplexity that N points
    cannot have, or vectors that are not numbers.
    """
    vectors = checked(vectors)
    for name, value in (('n_iterations', n_iterations), ('every', every)):
        if not isinstance(value, Integral) or value < 1:
            raise EmbeddingError('not_positive', name=name, got=value)
    if learning_rate is None:
        learning_rate = max(len(vectors) / EXAGGERATION / 4, 50)
    for name, value in (('learning_rate', learning_rate), ('perplexity', perplexity)):
        check_kind(name, value, float, EmbeddingError)
    if not 0 < learning_rate < np.inf:
        raise EmbeddingError('bad_learning_rate', got=learning_rate)
    # Half the memory of float64 makes each update more than twice as fast; positions stay float64.
    p = joint_probabilities(vectors, perplexity).astype(np.float32)

    def steps():
        positions = rng.normal(0, 1e-4, (len(vectors), 2))
        velocity, gains = np.zeros_like(positions), np.ones_like(positions)
        early = min(EXAGGERATED_STEPS, n_iterations // 4)
        p_now, buffers = p * np.float32(EXAGGERATION), np.empty((2, *p.shape), p.dtype)
        for iteration in range(1, n_iterations + 1):
            if iteration == early + 1:
                p_now = p
            gradient = kl_gradient(p_now, positions, buffers)
            same_way = gradient * velocity < 0  # the velocity already goes downhill
            gains = np.maximum(np.where(same_way, gains + 0.2, gains * 0.8), 0.01)
            velocity *= MOMENTUM[iteration > early]
            velocity -= learning_rate * gains * gradient
            positions = positions + velocity
            positions -= positions.mean(axis=0)
            if iteration % every == 0 or iteration == n_iterations:
                yield TsneStep(iteration, positions.copy(),
                               kl_divergence(p, positions, buffers), iteration <= early)

    return steps()


def closeness(positions: Array, buffers: Array) -> Array:
    """1/(1 + |yᵢ − yⱼ|²), 0 on the diagonal: Student's t with one degree of freedom, not yet
    divided by its sum.   (N, 2) -> (N, N), which is buffers[0]"""
    out, spare = buffers
    out[...] = 1
    for axis in positions.T.astype(out.dtype):
        np.subtract.outer(axis, axis, out=spare)
        np.multiply(spare, spare, out=spare)
        np.add(out, spare, out=out)
    np.reciprocal(out, out=out)
    np.fill_diagonal(out, 0)
    return out


def kl_gradient(p: Array, positions: Array, buffers: Array) -> Array:
    """∂KL/∂y, the Σⱼ written as two matrix products.   (N, N), (N, 2) -> (N, 2)

    `buffers` (2, N, N) is memory to compute in, of p's type: fresh memory would cost more than
    the arithmetic.
    """
    close = closeness(positions, buffers)
    pull = np.multiply(close, -1 / close.sum(), out=buffers[1])
    np.add(pull, p, out=pull)
    np.multiply(pull, close, out=pull)
    pulled = pull @ np.column_stack([positions, np.ones(len(positions))]).astype(p.dtype)
    return 4 * (pulled[:, 2:] * positions - pulled[:, :2])


def kl_divergence(p: Array, positions: Array, buffers: Array) -> float:
    """KL(p‖q) in nats; pairs with p = 0 add nothing."""
    close = closeness(positions, buffers)
    total = close.sum()
    pairs = p > 0
    q = close[pairs] / total
    return float((p[pairs] * np.log(p[pairs] / q)).sum(dtype=np.float64))
