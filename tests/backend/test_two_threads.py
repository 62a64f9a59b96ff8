"""What is given to a second thread, and what happens when it never answers."""

import ctypes

import numpy as np
import pytest

from minigpt.backend.two_threads import SMALLEST, half_of, on_two_threads

N = 256


def multiply(a, b, out, adding):
    out[...] = a @ b + (out if adding else 0)


def add_to(x, out):
    out += x


class Helper:
    """Computes in this thread what lies at the addresses it is given; or never answers."""
    ready, room = True, 2 ** 26

    def __init__(self, answers):
        self.answers, self.asked = answers, 0

    def begin(self, M, N, K, a, a_bytes, a_row, a_column, b, b_bytes, b_row, b_column):
        self.asked += 1
        if self.answers:
            self.product = (self.matrix(a, a_bytes, M, K, a_row, a_column)
                            @ self.matrix(b, b_bytes, K, N, b_row, b_column))

    def matrix(self, address, size, rows, columns, row, column):
        copied = np.frombuffer(ctypes.string_at(address, size), np.float32)
        return np.lib.stride_tricks.as_strided(copied, (rows, columns), (4 * row, 4 * column))

    def finish(self, to, size):
        if self.answers:
            ctypes.memmove(to, self.product.ctypes.data, size)
        return self.answers


@pytest.fixture
def operands():
    rng = np.random.default_rng(0)
    return [rng.normal(size=(N, N)).astype(np.float32) for _ in range(3)]


@pytest.mark.parametrize('answers', [True, False])
@pytest.mark.parametrize('adding', [0, 1])
@pytest.mark.parametrize('turned', [(0, 0), (0, 1), (1, 0)], ids=['a b', 'a bT', 'aT b'])
def test_the_halves_make_the_product(operands, answers, adding, turned):
    a, b, out = operands
    a, b = (x.T if turn else x for x, turn in zip((a, b), turned, strict=True))
    wanted, helper = a @ b + adding * out, Helper(answers)
    split = on_two_threads(multiply, add_to, lambda x: x.ctypes.data, helper)
    split(a, b, out, adding)
    np.testing.assert_allclose(out, wanted, rtol=1e-4, atol=1e-4)
    assert helper.asked == 1


def test_what_is_small_or_scattered_stays_whole(operands):
    a, b, out = operands
    assert SMALLEST > 128 ** 3
    assert half_of(a[:100, :100], b[:100, :100], out[:100, :100]) is None
    assert half_of(a.T, b.T, out) is None
    assert half_of(a[::-1], b, out) is None
    assert half_of(a, b, out[:, ::-1]) is None
    assert half_of(a, b, out) is not None


def test_a_product_beyond_the_shared_memory_stays_whole(operands):
    a, b, out = operands
    helper = Helper(True)
    helper.room = 3 * N * N
    on_two_threads(multiply, add_to, lambda x: x.ctypes.data, helper)(a, b, out, 0)
    assert helper.asked == 0
    np.testing.assert_allclose(out, a @ b)
