"""Who is whose neighbour, as probabilities: the first half of t-SNE (van der Maaten, Hinton 2008).

    p(j|i) = exp(−βᵢ dᵢⱼ) / Σₖ exp(−βᵢ dᵢₖ)     dᵢⱼ squared distance; none is its own neighbour
    p(ij)  = (p(j|i) + p(i|j)) / 2N               sums to 1 over all pairs

Each point gets the βᵢ that gives it `perplexity` neighbours: exp(entropy of p(·|i)) = perplexity.
"""

import math

import numpy as np

from minigpt.errors import EmbeddingError

Array = np.ndarray
TOLERANCE = 1e-6   # of the entropy, in nats
MOST_STEPS = 100   # of the search; a point with too many exact twins never gets there


def joint_probabilities(vectors: Array, perplexity: float) -> Array:
    """p(ij): (N, C) -> (N, N), symmetric, sums to 1.

    Raises EmbeddingError unless 1 < perplexity < N − 1.
    """
    N = len(vectors)
    if not 1 < perplexity < N - 1:
        raise EmbeddingError('bad_perplexity', got=perplexity, points=N, most=N - 1)
    conditional = conditional_probabilities(squared_distances(vectors), perplexity)
    return (conditional + conditional.T) / (2 * N)


def squared_distances(vectors: Array) -> Array:
    """|xᵢ − xⱼ|² = |xᵢ|² − 2 xᵢ·xⱼ + |xⱼ|².   (N, C) -> (N, N), 0 on the diagonal"""
    vectors = vectors - vectors.mean(axis=0)  # smaller numbers, smaller rounding errors
    squares = np.einsum('nc,nc->n', vectors, vectors)
    distances = vectors @ vectors.T
    distances *= -2
    distances += squares[:, None]
    distances += squares
    np.maximum(distances, 0, out=distances)
    np.fill_diagonal(distances, 0)
    return distances


def conditional_probabilities(distances: Array, perplexity: float) -> Array:
    """p(j|i), each row with the wanted perplexity, by halving the interval of all βᵢ at once.

    (N, N) -> (N, N). A point with more exact twins than `perplexity` gets those as neighbours.
    """
    distances = relative_distances(distances)
    target = math.log(perplexity)
    low, high = np.zeros(len(distances)), np.full(len(distances), np.inf)
    beta = np.ones(len(distances))
    for _ in range(MOST_STEPS):
        probs, entropy = rows_at(beta, distances)
        if np.abs(entropy - target).max() < TOLERANCE:
            break
        too_wide = entropy > target
        low, high = np.where(too_wide, beta, low), np.where(too_wide, high, beta)
        beta = np.where(np.isinf(high), beta * 2, (low + high) / 2)
    return probs


def relative_distances(distances: Array) -> Array:
    """Each row minus its smallest, divided by its mean: the same p(j|i), and β is near 1."""
    others = distances + np.diag(np.full(len(distances), np.inf))
    relative = distances - others.min(axis=1, keepdims=True)
    np.fill_diagonal(relative, 0)
    mean = relative.mean(axis=1, keepdims=True)
    return relative / np.where(mean > 0, mean, 1)


def rows_at(beta: Array, distances: Array) -> tuple[Array, Array]:
    """p(j|i) (N, N) at these βᵢ, and the entropy of each row (N,) in nats."""
    probs = distances * -beta[:, None]
    np.exp(probs, out=probs)
    np.fill_diagonal(probs, 0)
    sums = probs.sum(axis=1)
    probs /= sums[:, None]
    return probs, np.log(sums) + beta * np.einsum('ij,ij->i', distances, probs)
