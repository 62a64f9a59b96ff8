"""What is given to a helper thread, and what happens when it never answers."""

import ctypes

import numpy as np
import pytest

from minigpt.backend import helper_threads
from minigpt.backend.commands import NUMBERS
from minigpt.backend.two_threads import SMALLEST, half_of, on_two_threads

N = 320


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


class Thread:
    """A helper thread that carries out a program before it returns; or never answers."""

    def __init__(self, answers, begins=True):
        self.answers, self.begins, self.asked = answers, begins, 0

    def begin(self, size, program, *stretches):
        self.asked += 1
        self.memory = np.zeros(size // 4, np.float32)
        for address, count, place in zip(*[iter(stretches)] * 3, strict=True):
            ctypes.memmove(self.memory.ctypes.data + place, address, count)
        self.carry_out(self.memory.view(np.int32)[program // 4:].tolist())
        return self.begins

    def carry_out(self, words):
        while words[0]:
            count, kernel, *w = words[:words[0]]
            words = words[count:]
            if kernel == NUMBERS['product']:
                M, N, K = w[:3]
                start = 0 if w[9] < 0 else self.matrix(M, N, *w[9:12])
                self.matrix(M, N, *w[12:])[...] = start + (self.matrix(M, K, *w[3:6])
                                                           @ self.matrix(K, N, *w[6:9]))
            else:
                assert kernel == NUMBERS['linear_backward']
                M, I, O = w[8:]
                Compiled.linear_backward(self.matrix(M, I, w[0], I), self.matrix(M, O, w[1], O),
                                         self.matrix(I, O, *w[2:5]), self.matrix(M, I, w[5], I),
                                         self.matrix(I, O, w[6], O), self.matrix(1, O, w[7], O)[0])

    def matrix(self, rows, columns, place, row, column=1):
        return np.lib.stride_tricks.as_strided(self.memory[place // 4:], (rows, columns),
                                               (4 * row, 4 * column))

    def finish(self, *stretches):
        assert self.begins
        for address, count, place in zip(*[iter(stretches)] * 3, strict=True):
            if self.answers:
                ctypes.memmove(address, self.memory.ctypes.data + place, count)
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
    wanted, thread = a @ b + adding * out, Thread(answers)
    split, *_ = on_two_threads(Compiled, thread)
    split(a, b, out, adding)
    np.testing.assert_allclose(out, wanted, rtol=1e-4, atol=1e-4)
    assert thread.asked == 1


def test_what_is_small_or_scattered_stays_whole(operands):
    a, b, out = operands
    assert SMALLEST > 256 ** 3
    assert half_of(a[:100, :100], b[:100, :100], out[:100, :100]) is None
    assert half_of(a.T, b.T, out) is None
    assert half_of(a[::-1], b, out) is None
    assert half_of(a, b, out[:, ::-1]) is None
    assert half_of(a, b, out) is not None


@pytest.mark.parametrize(('answers', 'begins'), [(1, 1), (0, 1), (0, 0)])
def test_a_linear_layer_is_shared(operands, answers, begins):
    x, weight, bias = operands[0][:-1], operands[1], operands[2][0]
    out, thread = np.full_like(x, np.nan), Thread(answers, begins)
    _, linear, _ = on_two_threads(Compiled, thread)
    linear(x, weight, bias, out)
    np.testing.assert_allclose(out, x @ weight + bias, rtol=1e-4, atol=1e-4)
    assert thread.asked == 1


@pytest.mark.parametrize(('answers', 'begins'), [(1, 1), (0, 1), (0, 0)])
def test_its_backward_is_shared(operands, answers, begins):
    x, weight, dout = operands[0][:-1], operands[1], operands[2][:-1]
    grads = [np.full_like(x, np.nan) for x in (x, weight, weight[0])]
    thread = Thread(answers, begins)
    *_, backward = on_two_threads(Compiled, thread)
    backward(x, dout, weight, *grads)
    for found, wanted in zip(grads, (dout @ weight.T, x.T @ dout, dout.sum(0)), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
    assert thread.asked == 1


def test_what_the_thread_does_not_take_stays_whole(operands):
    a, b, out = operands
    on_two_threads(Compiled, Thread(True, begins=False))[0](a, b, out, 0)
    np.testing.assert_allclose(out, a @ b, rtol=1e-4, atol=1e-4)


def test_while_it_carries_out_a_program_products_stay_whole(operands, monkeypatch):
    a, b, out = operands
    monkeypatch.setattr(helper_threads, 'is_free', lambda: False)
    thread = Thread(True)
    on_two_threads(Compiled, thread)[0](a, b, out, 0)
    np.testing.assert_allclose(out, a @ b, rtol=1e-4, atol=1e-4)
    assert not thread.asked
