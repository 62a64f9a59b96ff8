"""The product that does nearly all of a model's work."""

import numpy as np

from minigpt.backend.dispatch import kernel

Array = np.ndarray


@kernel
def matmul(a: Array, b: Array, out: Array | None = None, accumulate: bool = False) -> Array:
    """a @ b, for arrays of any strides.   (…, M, K), (…, K, N) -> (…, M, N)

    Leading dimensions broadcast. With `out`, whose last axis is contiguous, the product is
    written there, or with `accumulate` added to it. ValueError if `out` lies in the same stretch
    of memory as an operand, or if the shapes do not fit.
    """
    if out is None:
        if a.ndim > 2 and b.ndim == 2:
            # All leading dimensions as rows of one product; NumPy would take them one by one.
            return np.matmul(a.reshape(-1, a.shape[-1]), b).reshape(*a.shape[:-1], b.shape[1])
        return np.matmul(a, b)
    refuse_overlap(a, b, out)
    if accumulate:
        out += np.matmul(a, b)
        return out
    return np.matmul(a, b, out=out)


def refuse_overlap(a: Array, b: Array, out: Array) -> None:
    """ValueError if writing to `out` could change an operand that is still to be read."""
    if np.may_share_memory(out, a) or np.may_share_memory(out, b):
        raise ValueError('matmul: out overlaps an operand in memory')
