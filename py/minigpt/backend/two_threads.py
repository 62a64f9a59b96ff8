"""Large products by two threads in the browser: a helper computes one half while this one does the
other.

Pyodide's memory belongs to one thread, so the helper (site/assets/second_thread.mjs) works on
copies. Copying takes time for each number, multiplying for each number as often as it is used: a
half is given away of large products only, and only where it lies in one piece:

    a (M, K) in rows, such as x W         the helper takes the lower rows of a, and all of b
    a (M, K) in columns, such as xᵀ dout  the helper takes the right columns of a and the lower rows
                                          of b; its product is added
"""

from collections.abc import Callable

import numpy as np

from minigpt.backend.dispatch import current
from minigpt.backend.matmul import refuse_overlap

Array = np.ndarray
SMALLEST = 2 ** 23  # multiplications M·N·K


def second_thread():
    """The site's second thread, or None where there is none."""
    import js  # Pyodide's view of the browser, which is asked here only
    return getattr(js, 'minigptSecondThread', None) or None  # JavaScript's null is not None


def in_use() -> bool:
    """Whether products are split now."""
    return current() == 'simd' and second_thread() is not None


def on_two_threads(multiply: Callable, add_to: Callable, address: Callable, helper) -> Callable:
    """The compiled `multiply(a, b, out, adding)`, with half of each large product given away.

    `add_to(x, out)` adds to an array, `address` tells where in memory one begins.
    """
    def product(a, b, out, adding):
        half = half_of(a, b, out)
        if half is None or not helper.ready or room_for(*half) > helper.room:
            return multiply(a, b, out, adding)
        refuse_overlap(a, b, out)
        (M, K), N = half[0].shape, out.shape[1]
        helper.begin(M, N, K, *(fact for x in half for fact in (address(x), x.nbytes, *steps(x))))
        if K < a.shape[1]:
            multiply(a[:, :-K], b[:-K], out, adding)
        else:
            multiply(a[:-M], b, out[:-M], adding)
        to_add = adding or K < a.shape[1]
        theirs = np.empty((M, N), np.float32) if to_add else out[-M:]
        if not helper.finish(address(theirs), theirs.nbytes):
            multiply(*half, theirs, 0)
        if to_add:
            add_to(theirs, out[-M:])

    return product


def half_of(a: Array, b: Array, out: Array) -> tuple[Array, Array] | None:
    """The helper's parts of a and b; None where the product is not worth it, or not to be split."""
    if not a.ndim == b.ndim == 2 or a.size * b.shape[1] < SMALLEST or a.shape[1] != len(b):
        return None
    if not out.flags.c_contiguous or not (b.flags.c_contiguous or b.T.flags.c_contiguous):
        return None
    (M, K) = a.shape
    if a.flags.c_contiguous and M > 1:
        return a[M // 2:], b
    if a.T.flags.c_contiguous and b.flags.c_contiguous and K > 1:
        return a[:, K // 2:], b[K // 2:]
    return None


def room_for(a: Array, b: Array) -> int:
    """Bytes that both and their product take."""
    return a.nbytes + b.nbytes + 4 * len(a) * b.shape[1]


def steps(x: Array) -> tuple[int, int]:
    """Strides in floats."""
    return x.strides[0] // 4, x.strides[1] // 4
