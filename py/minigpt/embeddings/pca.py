"""Principal components (Pearson 1901): the few directions along which vectors differ most.

    centred = vectors − mean
    covariance = centredᵀ centred / (N − 1)
    components = its eigenvectors, the one with the largest variance first
    coordinates = centred · componentsᵀ
"""

from dataclasses import dataclass
from numbers import Integral

import numpy as np

from minigpt.errors import EmbeddingError

Array = np.ndarray


@dataclass(frozen=True)
class PCA:
    """The directions found, all float64; K components of vectors of width C."""
    mean: Array                # (C,)
    components: Array          # (K, C), each of length 1, at right angles to the others
    explained_variance: Array  # (K,) variance of the vectors along each
    explained_ratio: Array     # (K,) its share of the whole variance
    coordinates: Array         # (N, K) of the vectors they were found in

    def project(self, vectors: Array) -> Array:
        """Coordinates of other vectors on the same axes.   (…, C) -> (…, K)"""
        return (np.asarray(vectors, np.float64) - self.mean) @ self.components.T


def pca(vectors: Array, n_components: int = 2) -> PCA:
    """The `n_components` directions of largest variance of vectors (N, C).

    An eigenvector is as right as its opposite; here the loading with the largest absolute value
    is positive, so that the same vectors always give the same picture.

    Raises EmbeddingError for fewer than 2 vectors, values that are not numbers, vectors that are
    all the same, or more components than min(N − 1, C).
    """
    vectors = checked(vectors)
    N, C = vectors.shape
    if not isinstance(n_components, Integral) or not 1 <= n_components <= min(N - 1, C):
        raise EmbeddingError('bad_components', got=n_components, most=min(N - 1, C))
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    variances, directions = np.linalg.eigh(centred.T @ centred / (N - 1))
    order = np.argsort(-variances, kind='stable')[:n_components]
    components = sign_stable(directions.T[order])
    explained = np.maximum(variances[order], 0)  # rounding can leave a tiny negative one
    whole = np.square(centred).sum() / (N - 1)
    if not whole:
        raise EmbeddingError('all_the_same')
    return PCA(mean, components, explained, explained / whole, centred @ components.T)


def sign_stable(components: Array) -> Array:
    """(K, C): each turned so that its largest loading by absolute value is positive."""
    largest = np.abs(components).argmax(axis=1)
    return components * np.sign(components[np.arange(len(components)), largest])[:, None]


def checked(vectors: Array) -> Array:
    """The vectors as (N, C) float64, or an EmbeddingError that says what is wrong with them."""
    vectors = np.asarray(vectors, np.float64)
    if vectors.ndim != 2 or len(vectors) < 2 or not vectors.shape[1]:
        raise EmbeddingError('bad_vectors', shape=vectors.shape)
    if not np.isfinite(vectors).all():
        raise EmbeddingError('vectors_not_numbers')
    return vectors
