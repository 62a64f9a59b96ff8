"""Large products by two threads in the browser: one half is given to a helper thread.

Copying takes time for each number, multiplying for each number as often as it is used: a half is
given away of large products only, and only where it lies in one piece:

    a (M, K) in rows, such as x W         the lower rows of a, and all of b
    a (M, K) in columns, such as xᵀ dout  the right columns of a and the lower rows of b; the product
                                          is added
    a linear layer's backward             the lower rows of x and of dout; its dW and db are added
"""

from collections.abc import Callable

import numpy as np

from minigpt.backend import helper_threads
from minigpt.backend.commands import NOTHING, command
from minigpt.backend.matmul import refuse_overlap

Array = np.ndarray
SMALLEST = 2 ** 24 + 1  # multiplications M·N·K: 256 cubed gains on some days and loses on others
WORDS = 32          # room for one command


def on_two_threads(c, helper) -> tuple[Callable, Callable, Callable]:
    """matmul, linear and linear_backward of the compiled module `c`, half of each large one given
    to `helper`.
    """
    # Looking a method up in JavaScript takes longer than a small product: here it is done once.
    begin, finish, address = helper.begin, helper.finish, c.address
    words = np.zeros(WORDS, np.int32)

    def begun(operands: list[Array], results: tuple[int, ...], command_at: Callable) -> tuple | None:
        """The places of the results, which need so many bytes each; None if nothing has begun."""
        if not helper_threads.is_free():
            return None
        places, top = [], words.nbytes
        for size in (*(x.nbytes for x in operands), *results):
            places.append(top)
            top += (size + 63) & ~63
        written = command_at(*places)
        words[:len(written)], words[len(written)] = written, 0
        stretches = [fact for x, place in zip((words, *operands), (0, *places))
                     for fact in (address(x), x.nbytes, place)]
        return places[len(operands):] if begin(top, 0, *stretches) else None

    def begun_product(a: Array, b: Array, *bias: Array) -> tuple | None:
        (M, K), N = a.shape, b.shape[1]

        def command_at(a_place, b_place, *places):
            start = (places[0], 0, 1) if bias else NOTHING
            return command('product', M, N, K, a_place, *steps(a), b_place, *steps(b), *start,
                           places[-1], N, 1)

        return begun([a, b, *bias], (4 * M * N,), command_at)

    def matmul(a: Array, b: Array, out: Array, adding: int) -> None:
        half = half_of(a, b, out)
        if half is None:
            return c.matmul(a, b, out, adding)
        refuse_overlap(a, b, out)
        places = begun_product(*half)
        if places is None:
            return c.matmul(a, b, out, adding)
        (M, K), N = half[0].shape, out.shape[1]
        if K < a.shape[1]:
            c.matmul(a[:, :-K], b[:-K], out, adding)
        else:
            c.matmul(a[:-M], b, out[:-M], adding)
        to_add = adding or K < a.shape[1]
        theirs = np.empty((M, N), np.float32) if to_add else out[-M:]
        if not finish(address(theirs), theirs.nbytes, *places):
            c.matmul(*half, theirs, 0)
        if to_add:
            c.add_to(theirs, out[-M:])

    def linear(x: Array, weight: Array, bias: Array, out: Array) -> None:
        half = half_of(x, weight, out)
        whole = half is None or len(half[1]) < len(weight)
        places = None if whole else begun_product(*half, bias)
        if places is None:
            return c.linear(x, weight, bias, out)
        M = len(half[0])
        c.linear(x[:-M], weight, bias, out[:-M])
        if not finish(address(out[-M:]), out[-M:].nbytes, *places):
            c.linear(x[-M:], weight, bias, out[-M:])

    def linear_backward(x: Array, dout: Array, weight: Array, dx: Array, dweight: Array,
                        dbias: Array) -> None:
        M, (I, O) = len(x) // 2, weight.shape
        whole = all(it.flags.c_contiguous for it in (x, dout, weight))
        large = 2 * x.size * O >= SMALLEST and whole and M
        places = begun([x[-M:], dout[-M:], weight], (4 * M * I, 4 * I * O, 4 * O),
                       lambda x, dout, weight, dx, dweight, dbias: command(
                           'linear_backward', x, dout, weight, O, 1, dx, dweight, dbias, M, I, O)
                       ) if large else None
        if places is None:
            return c.linear_backward(x, dout, weight, dx, dweight, dbias)
        c.linear_backward(x[:-M], dout[:-M], weight, dx[:-M], dweight, dbias)
        theirs, their_bias = np.empty_like(dweight), np.empty_like(dbias)
        results = zip((dx[-M:], theirs, their_bias), places)
        if not finish(*(fact for it, place in results for fact in (address(it), it.nbytes, place))):
            c.linear_backward(x[-M:], dout[-M:], weight, dx[-M:], theirs, their_bias)
        c.add_to(theirs, dweight)
        c.add_to(their_bias, dbias)

    return matmul, linear, linear_backward


def steps(x: Array) -> tuple[int, int]:
    """The strides in floats."""
    return x.strides[0] // 4, x.strides[1] // 4


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
