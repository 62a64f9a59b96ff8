"""Large products by two threads in the browser: a helper computes one half while this one does the
other.

Pyodide's memory belongs to one thread, so the helper (site/assets/second_thread.mjs) works on
copies. Copying takes time for each number, multiplying for each number as often as it is used: a
half is given away of large products only, and only where it lies in one piece:

    a (M, K) in rows, such as x W         the helper takes the lower rows of a, and all of b
    a (M, K) in columns, such as xᵀ dout  the helper takes the right columns of a and the lower rows
                                          of b; its product is added
    a linear layer's backward             the helper takes the lower rows of x and of dout, for both
                                          products; its dW is added
"""

from collections.abc import Callable

import numpy as np

from minigpt.backend.dispatch import current
from minigpt.backend.matmul import refuse_overlap

Array = np.ndarray
SMALLEST = 2 ** 22  # multiplications M·N·K; half as many gain next to nothing


def second_thread():
    """The site's second thread, or None where there is none."""
    import js  # Pyodide's view of the browser, which is asked here only
    return getattr(js, 'minigptSecondThread', None) or None  # JavaScript's null is not None


def in_use() -> bool:
    """Whether products are split now."""
    return current() == 'simd' and second_thread() is not None


def on_two_threads(c, helper) -> tuple[Callable, Callable, Callable]:
    """matmul, linear and linear_backward of the compiled module `c`, half of each large one given
    away.
    """
    # Looking a method up in JavaScript takes longer than a small product: here it is done once.
    begin, begin_backward, finish = helper.begin, helper.beginBackward, helper.finish
    address = c.address

    def matmul(a: Array, b: Array, out: Array, adding: int) -> None:
        half = half_of(a, b, out)
        if half is None:
            return c.matmul(a, b, out, adding)
        refuse_overlap(a, b, out)
        (M, K), N = half[0].shape, out.shape[1]
        if not begin(M, N, K, *(fact for x in half for fact in place_of(x)), 0, 0):
            return c.matmul(a, b, out, adding)
        if K < a.shape[1]:
            c.matmul(a[:, :-K], b[:-K], out, adding)
        else:
            c.matmul(a[:-M], b, out[:-M], adding)
        to_add = adding or K < a.shape[1]
        theirs = np.empty((M, N), np.float32) if to_add else out[-M:]
        if not finish(address(theirs), theirs.nbytes):
            c.matmul(*half, theirs, 0)
        if to_add:
            c.add_to(theirs, out[-M:])

    def linear(x: Array, weight: Array, bias: Array, out: Array) -> None:
        half = half_of(x, weight, out)
        if half is None or len(half[1]) < len(weight) or not begin(
                len(half[0]), *reversed(weight.shape), *place_of(half[0]), *place_of(weight),
                address(bias), bias.nbytes):
            return c.linear(x, weight, bias, out)
        M = len(half[0])
        c.linear(x[:-M], weight, bias, out[:-M])
        if not finish(address(out[-M:]), out[-M:].nbytes):
            c.linear(x[-M:], weight, bias, out[-M:])

    def linear_backward(x: Array, dout: Array, weight: Array, dx: Array, dweight: Array,
                        dbias: Array) -> None:
        M, (I, O) = len(x) // 2, weight.shape
        whole = all(it.flags.c_contiguous for it in (x, dout, weight))
        if 2 * x.size * O < SMALLEST or not whole or not M or not begin_backward(
                M, I, O, *(fact for it in (x[-M:], dout[-M:], weight)
                           for fact in (address(it), it.nbytes))):
            return c.linear_backward(x, dout, weight, dx, dweight, dbias)
        c.linear_backward(x[:-M], dout[:-M], weight, dx[:-M], dweight, dbias)
        theirs, their_bias = np.empty_like(dweight), np.empty_like(dbias)
        c.sum_rows(dout[-M:], their_bias)
        if not finish(address(dx[-M:]), dx[-M:].nbytes, address(theirs), theirs.nbytes):
            c.linear_backward(x[-M:], dout[-M:], weight, dx[-M:], theirs, their_bias)
        c.add_to(theirs, dweight)
        c.add_to(their_bias, dbias)

    def place_of(x: Array) -> tuple[int, int, int, int]:
        """Address, bytes, strides in floats."""
        return address(x), x.nbytes, x.strides[0] // 4, x.strides[1] // 4

    return matmul, linear, linear_backward


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
