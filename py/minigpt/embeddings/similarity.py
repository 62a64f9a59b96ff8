"""How alike two vectors are: their dot product, or only the angle between them.

    dot(a, b) = Σ aᵢ bᵢ                 grows with the lengths of both
    cosine(a, b) = dot / (|a| |b|)      −1 opposite, 0 unrelated, 1 the same direction
"""

import numpy as np

from minigpt.errors import EmbeddingError

Array = np.ndarray


def dot_similarity(a: Array, b: Array) -> Array:
    """Every vector of `a` with every vector of `b`.

    (N, C), (M, C) -> (N, M); a single vector (C,) takes its axis away from the result.
    Raises EmbeddingError where the widths differ.
    """
    a, b = np.asarray(a), np.asarray(b)
    if not 1 <= a.ndim <= 2 or not 1 <= b.ndim <= 2 or a.shape[-1] != b.shape[-1]:
        raise EmbeddingError('widths_differ', left=a.shape, right=b.shape)
    return a @ b.T


def cosine_similarity(a: Array, b: Array) -> Array:
    """Like `dot_similarity`, of the directions only; a vector of length 0 has none and is refused
    with an EmbeddingError."""
    return dot_similarity(directions(a), directions(b))


def directions(vectors: Array) -> Array:
    """The vectors scaled to length 1.   (…, C) -> (…, C)"""
    vectors = np.asarray(vectors)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise EmbeddingError('no_direction')
    return vectors / lengths


SIMILARITIES = {'cosine': cosine_similarity, 'dot': dot_similarity}


def similarity(a: Array, b: Array, metric: str) -> Array:
    """By name, 'cosine' or 'dot'; EmbeddingError for another."""
    if metric not in SIMILARITIES:
        raise EmbeddingError('unknown_metric', got=metric)
    return SIMILARITIES[metric](a, b)
