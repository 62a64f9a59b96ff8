"""The product that does nearly all of a model's work, the fastest way this runtime has."""

import sys

import numpy as np

Array = np.ndarray


def einsum_product(a: Array, b: Array) -> Array:
    """a @ b by einsum.   (M, K), (K, N) -> (M, N)"""
    return np.einsum('mk,kn->mn', a, b)


# The browser's NumPy has no BLAS; its matmul walks down columns of b, missing the cache at every
# step, and einsum, which goes along rows, is some three times as fast.
product = einsum_product if sys.platform == 'emscripten' else np.matmul


def matmul(a: Array, b: Array) -> Array:
    """a @ b for a matrix b.   (…, K), (K, N) -> (…, N)

    All leading dimensions become rows of one product; NumPy would multiply them one by one.
    """
    return product(a.reshape(-1, a.shape[-1]), b).reshape(*a.shape[:-1], b.shape[1])
