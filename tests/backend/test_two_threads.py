"""What is given to a second thread, and what happens when it never answers."""

import ctypes

import numpy as np
import pytest

from minigpt.backend.two_threads import SMALLEST, half_of, on_two_threads

N = 256


class Compiled:
    """What the compiled module does, in NumPy."""

    @staticmethod
    def matmul(a, b, out, adding):
        out[...] = a @ b + (out if adding else 0)

    @staticmethod
    def linear(x, weight, bias, out):
        out[...] = x @ weight + bias

    @staticmethod
    def linear_backward(x, dout, weight, dx, dweight, dbias):
        dx[...], dweight[...], dbias[...] = dout @ weight.T, x.T @ dout, dout.sum(0)

    @staticmethod
    def add_to(x, out):
        out += x

    @staticmethod
    def sum_rows(x, sums):
        sums[...] = x.sum(0)

    @staticmethod
    def address(x):
        return x.ctypes.data


class Helper:
    """Computes in this thread what lies at the addresses it is given; or never answers."""

    def __init__(self, answers, begins=True):
        self.answers, self.begins, self.asked = answers, begins, 0

    def begin(self, M, N, K, a, a_bytes, a_row, a_column, b, b_bytes, b_row, b_column, bias,
              bias_bytes):
        self.asked += 1
        product = (self.matrix(a, a_bytes, M, K, a_row, a_column)
                   @ self.matrix(b, b_bytes, K, N, b_row, b_column))
        self.results = [product + self.matrix(bias, bias_bytes, 1, N, 0, 1) if bias_bytes
                        else product]
        return self.begins

    def beginBackward(self, M, I, O, x, x_bytes, dout, dout_bytes, weight, weight_bytes):
        self.asked += 1
        x, dout, weight = (self.matrix(x, x_bytes, M, I, I, 1),
                           self.matrix(dout, dout_bytes, M, O, O, 1),
                           self.matrix(weight, weight_bytes, I, O, O, 1))
        self.results = [np.ascontiguousarray(dout @ weight.T), np.ascontiguousarray(x.T @ dout)]
        return self.begins

    def matrix(self, address, size, rows, columns, row, column):
        copied = np.frombuffer(ctypes.string_at(address, size), np.float32)
        return np.lib.stride_tricks.as_strided(copied, (rows, columns), (4 * row, 4 * column))

    def finish(self, *places):
        assert self.begins
        if self.answers:
            for result, to, size in zip(self.results, places[::2], places[1::2], strict=True):
                assert result.nbytes == size
                ctypes.memmove(to, result.ctypes.data, size)
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
    split, *_ = on_two_threads(Compiled, helper)
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


@pytest.mark.parametrize(('answers', 'begins'), [(1, 1), (0, 1), (0, 0)])
def test_a_linear_layer_is_shared(operands, answers, begins):
    x, weight, bias = operands[0][:-1], operands[1], operands[2][0]
    out, helper = np.full_like(x, np.nan), Helper(answers, begins)
    _, linear, _ = on_two_threads(Compiled, helper)
    linear(x, weight, bias, out)
    np.testing.assert_allclose(out, x @ weight + bias, rtol=1e-4, atol=1e-4)
    assert helper.asked == 1


@pytest.mark.parametrize(('answers', 'begins'), [(1, 1), (0, 1), (0, 0)])
def test_its_backward_is_shared(operands, answers, begins):
    x, weight, dout = operands[0][:-1], operands[1], operands[2][:-1]
    grads = [np.full_like(x, np.nan) for x in (x, weight, weight[0])]
    helper = Helper(answers, begins)
    *_, backward = on_two_threads(Compiled, helper)
    backward(x, dout, weight, *grads)
    for found, wanted in zip(grads, (dout @ weight.T, x.T @ dout, dout.sum(0)), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
    assert helper.asked == 1


def test_what_the_helper_does_not_take_stays_whole(operands):
    a, b, out = operands
    on_two_threads(Compiled, Helper(True, begins=False))[0](a, b, out, 0)
    np.testing.assert_allclose(out, a @ b, rtol=1e-4, atol=1e-4)
