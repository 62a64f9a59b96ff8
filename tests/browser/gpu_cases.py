"""What the graphics card must get right, as plain functions that run in the browser's Python (see
test_webgpu.py). Exact results are NumPy's in float64.
"""

import contextlib
import tempfile
from pathlib import Path

import numpy as np
from cases import LEARNED, MODERN, SIZES, WIDTHS, random

from minigpt import backend
from minigpt.backend import dispatch, webgpu
from minigpt.backend.dispatch import reference
from minigpt.backend.matmul_ladder import RUNGS, by_rung, ladder
from minigpt.backend.waiting import finish
from minigpt.bench.race import Lap, Missing, Result
from minigpt.bench.rungs import rungs
from minigpt.errors import ConfigError
from minigpt.nn import GPT, GPTConfig, activations, attention, loss, norms, ops, positions
from minigpt.training import optimizer

WAVES = GPTConfig(vocab_size=29, block_size=13, n_embd=24, n_head=3, n_layer=2,
                  position='sinusoidal', activation='relu', tied_head=False)


def card():
    return dispatch.found('webgpu')


def up(*arrays):
    found = [card().put(array) for array in arrays]
    return found if len(found) > 1 else found[0]


def home(*arrays):
    found = finish(card().fetch(list(arrays)))
    return found if len(found) > 1 else found[0]


class Products:
    """Many products at once, and one wait for all of them."""

    def __init__(self):
        self.found, self.wanted = [], []

    def add(self, a, b, view_a=lambda x: x, view_b=lambda x: x):
        self.found.append(backend.matmul(view_a(up(a)), view_b(up(b))))
        self.wanted.append((view_a(a), view_b(b)))

    def check(self, rounding=0):
        for found, (a, b) in zip(home(*self.found), self.wanted):
            check_product(found, a, b, rounding=rounding)


def check_product(found, a, b, start=0, rounding=0):
    """Within (2·K·ε + rounding)·Σ|a||b| for each element."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    exact = x @ y + start
    bound = ((2 * max(1, a.shape[-1]) * 1.19e-7 + rounding)
             * (np.abs(x) @ np.abs(y) + np.abs(exact)))
    assert found.dtype == np.float32 and found.shape == exact.shape, found.shape
    assert (np.abs(found - exact) <= bound).all(), (a.shape, b.shape, np.abs(found - exact).max())


def product_of_every_size():
    for M in SIZES:
        products = Products()
        for N in SIZES:
            for K in (0, 1, 5, 64, 257) if M * N > 400 else SIZES:
                products.add(random(M, K), random(K, N, seed=1))
        products.check()


def product_by_every_rung():
    """Each exact WGSL file of the ladder, also on sizes that it would not get. What the card does
    not offer must say so."""
    for rung, absent in ladder(card()).items():
        if absent:
            assert not card().offers(RUNGS[rung].feature)
            assert RUNGS[rung].feature in absent.in_language('pt')
        elif rung != 'f16':
            products_by(rung).check()


def products_by(rung):
    products = Products()
    with by_rung(card(), rung):
        for M, K, N in ((1, 1, 1), (17, 65, 3), (65, 63, 127), (127, 257, 64), (64, 64, 129)):
            products.add(random(M, K), random(K, N, seed=1))
            products.add(random(K, M), random(N, K, seed=1), lambda x: x.T, lambda x: x.T)
        products.add(random(2, 3, 17, 65), random(3, 65, 5, seed=1))
        products.add(random(2, 0), random(0, 5))
    return products


def product_in_16_bits():
    """By rounded operands where the card offers it. Where not, that is told, and the same file with
    32 bits for 16 must be exact."""
    absent = ladder(card())['f16']
    assert bool(absent) != card().offers('shader-f16')
    if not absent:
        products_by('f16').check(rounding=2 ** -10)
        return
    assert 'does not offer `shader-f16`' in absent.in_language('en')
    try:
        products_by('f16')
    except ConfigError as error:
        assert 'webgpu f16 cannot run here' in str(error)
    else:
        raise AssertionError('no ConfigError')
    with f16_of_32_bits():
        products_by('f16').check()


@contextlib.contextmanager
def f16_of_32_bits():
    """All of matmul_f16.wgsl but its rounding, for a card without 16 bits."""
    files, offers = webgpu.WGSL, card().offers
    code = (files / 'matmul_f16.wgsl').read_text(encoding='utf-8')
    for half, whole in (('enable f16;', ''), ('alias half = f16;', 'alias half = f32;')):
        assert half in code
        code = code.replace(half, whole)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / 'matmul_f16.wgsl').write_text(code, encoding='utf-8')
        webgpu.WGSL, card().offers = Path(folder), lambda feature: True
        try:
            yield
        finally:
            webgpu.WGSL, card().offers = files, offers


def every_rung_races():
    """A result for each that the card offers, and for the others one that says why not."""
    events = [event for event in rungs(n=40, seconds=0) if not isinstance(event, Lap)]
    offered = ladder(card())
    assert [event.operation for event in events if isinstance(event, Result)] == [
        f'matmul_{name}' for name, absent in offered.items() if not absent]
    assert [event.backend for event in events if isinstance(event, Missing)] == [
        f'webgpu {name}' for name, absent in offered.items() if absent]
    for event in events:
        if isinstance(event, Result):
            assert event.relative_error < (2e-3 if event.operation == 'matmul_f16' else 1e-5), event
            assert event.backend == 'webgpu' and event.rate > 0, event
    assert card().rung is None


def product_of_any_strides():
    products = Products()
    for M, K, N in ((1, 64, 257), (2, 17, 65), (65, 127, 63), (257, 5, 17)):
        products.add(random(K, M), random(N, K, seed=1), lambda x: x.T, lambda x: x.T)
        products.add(random(2 * M, 3 * K), random(3 * K, 2 * N, seed=1), lambda x: x[::2, ::3],
                     lambda x: x[::3, ::2])
        products.add(random(M, K), random(K, N, seed=1), lambda x: x[::-1, ::-1],
                     lambda x: x[::-1])
    products.check()


def product_over_a_batch():
    products, a, b = Products(), random(2, 3, 17, 65), random(2, 3, 65, 5, seed=1)
    products.add(a, b)
    products.add(a, b, view_b=lambda x: x[0, 0])
    products.add(a, b, view_b=lambda x: x[:, :1])
    products.add(a, b, lambda x: x[0, :1])
    products.add(a, random(2, 3, 17, 8), lambda x: x.swapaxes(-1, -2))
    products.add(a, b, lambda x: x[:, :0], lambda x: x[:, :0])
    heads = random(2, 17, 12, 8)  # (B, H, T, D) views of one (B, T, C)
    products.add(heads, heads, lambda x: x.transpose(0, 2, 1, 3)[:, :4],
                 lambda x: x.transpose(0, 2, 1, 3)[:, 4:8].swapaxes(-1, -2))
    products.check()


def product_into_out():
    a, b, start = random(2, 17, 65), random(2, 65, 5, seed=1), random(2, 20, 9, seed=2)
    x, y, place = up(a, b, start)
    out = place[:, 2:19, 3:8]
    backend.matmul(x, y, out)
    once = out.copy()
    backend.matmul(x, y, out, True)
    once, all_of_it = home(once, place)
    check_product(once, a, b)
    check_product(all_of_it[:, 2:19, 3:8], a, b, once.astype(np.float64))
    start[:, 2:19, 3:8] = all_of_it[:, 2:19, 3:8]
    np.testing.assert_array_equal(all_of_it, start)  # nothing beside it was touched


def product_refuses_overlap_and_wrong_shapes():
    a, b = up(random(8, 8), random(8, 8))
    for x, y, out in ((a, b, a), (a, b, b), (a, b[:5], None), (a, b, up(random(7, 8)))):
        try:
            backend.matmul(x, y, out)
        except ValueError:
            continue
        raise AssertionError('no ValueError')


def arithmetic_with_views_and_repeats():
    a, b, row = random(5, 7, 3), random(5, 7, 3, seed=1), random(3, seed=2)
    x, y, z = up(a, b, row)
    wide = up(random(70000))
    x[:, 2:4] = y[:, 3:5]
    x[1] = 4
    x += z
    x[:, ::2] *= y[:, ::2]
    a[:, 2:4] = b[:, 3:5]
    a[1] = 4
    a += row
    a[:, ::2] *= b[:, ::2]
    turned = x.transpose(2, 0, 1).reshape(3, 35)
    found = home(x, 2 - x / 3, x.T.copy(), turned, -x.sum(axis=0), wide + wide, np.zeros_like(x),
                 np.full_like(x, 3, shape=(2, 0)), x[None, 1, ..., 0])
    wanted = (a, 2 - a / np.float32(3), a.T, a.transpose(2, 0, 1).reshape(3, 35), -a.sum(axis=0),
              2 * random(70000), np.zeros_like(a), np.empty((2, 0)), a[None, 1, ..., 0])
    for one, other in zip(found, wanted):
        np.testing.assert_allclose(one, other, 1e-6, 1e-6)


def it_does_not_mix_with_numpy():
    x = up(random(3))
    for mix in (lambda: x + np.ones(3), lambda: np.asarray(x), lambda: np.exp(x)):
        try:
            mix()
        except TypeError:
            continue
        raise AssertionError('no TypeError')


def compare(name, forward, backward, *inputs, rtol=1e-5, atol=2e-6):
    """A pair's results against the NumPy pair in float64."""
    exact, cache = reference[name + '_forward'](*(x.astype(np.float64) for x in inputs))
    arrays = [up(x) for x in inputs]
    out, own_cache = forward(*arrays)
    dout = random(*exact.shape, seed=9)
    wanted = reference[name + '_backward'](dout.astype(np.float64), cache)
    found = backward(up(dout), own_cache)
    found, wanted = (x if isinstance(x, tuple) else (x,) for x in (found, wanted))
    for one, other in zip(finish(card().fetch([out, *found])), (exact, *wanted), strict=True):
        assert one.shape == other.shape, (one.shape, other.shape)
        np.testing.assert_allclose(one, other, rtol, atol)


def softmax_pair():
    for width in WIDTHS:
        x = 5 * random(3, 2, width)
        probs = np.exp(x.astype(float) - x.max(-1, keepdims=True))
        probs /= probs.sum(-1, keepdims=True)
        dout = random(3, 2, width, seed=1)
        found, _ = ops.softmax_forward(up(x))
        dx = ops.softmax_backward(up(dout), found)
        found, dx = home(found, dx)
        np.testing.assert_allclose(found, probs, 1e-5, 1e-7)
        np.testing.assert_allclose(dx, probs * (dout - (dout * probs).sum(-1, keepdims=True)),
                                   1e-4, 1e-6)


def softmax_and_sum():
    for T, S, D in ((1, 1, 1), (5, 17, 8), (65, 65, 32)):
        scores, values = 5 * random(2, 3, T, S), random(2, 3, S, D, seed=1)
        probs = np.exp(scores.astype(float) - scores.max(-1, keepdims=True))
        probs /= probs.sum(-1, keepdims=True)
        np.testing.assert_allclose(home(attention.softmax_sum(*up(scores, values))),
                                   probs @ values, 1e-5, 1e-5)


def future_is_hidden():
    for T, S in ((1, 1), (1, 5), (3, 3), (3, 7), (65, 65)):
        scores = random(2, 3, T, S)
        there = up(scores)
        attention.hide_future(there, T, 0.5)
        shown = np.arange(S) <= S - T + np.arange(T)[:, None]
        found = home(there)
        np.testing.assert_array_equal(found[..., shown], 0.5 * scores[..., shown])
        assert (found[..., ~shown] < -1e38).all()


def norm_pairs():
    for C in WIDTHS[1:]:
        x, gain, bias = 3 * random(2, 5, C) + 1, random(C, seed=1), random(C, seed=2)
        if C > 2:  # two values: the variance may vanish and blow rounding up
            compare('layernorm', norms.layernorm_forward, norms.layernorm_backward, x, gain, bias,
                    rtol=1e-4, atol=1e-5)
        compare('rmsnorm', norms.rmsnorm_forward, norms.rmsnorm_backward, x, gain, rtol=1e-4,
                atol=1e-5)


def activation_pairs():
    for width in WIDTHS:
        for name in ('gelu', 'relu', 'swiglu'):
            compare(name, *activations.ACTIVATIONS[name], 4 * random(3, 2 * width))
    far = np.array([-1e4, -50, -12, 0, 12, 50, 1e4], np.float32)
    np.testing.assert_allclose(home(activations.gelu_forward(up(far))[0]), np.maximum(far, 0),
                               atol=1e-6)


def linear_pair():
    for rows, I, O in ((1, 64, 257), (2, 17, 3), (65, 63, 127)):
        compare('linear', ops.linear_forward, ops.linear_backward, random(rows, 2, I),
                random(I, O, seed=1), random(O, seed=2), rtol=1e-4, atol=2e-5)


def embedding_pair():
    for N, C, count in ((1, 1, 3), (17, 5, 40), (65, 127, 257)):
        ids, table = np.random.default_rng(0).integers(0, N, (2, count)), random(N, C)
        wanted, cache = reference['embedding_forward'](ids, table.astype(float))
        found, own_cache = ops.embedding_forward(up(ids), up(table))
        dout = random(2, count, C, seed=1)
        found, dtable = home(found, ops.embedding_backward(up(dout), own_cache))
        np.testing.assert_array_equal(found, table[ids])
        np.testing.assert_allclose(dtable, reference['embedding_backward'](dout.astype(float), cache),
                                   1e-5, 1e-5)


def rotary_pair():
    for T, D in ((1, 2), (5, 8), (65, 64)):
        x, places = random(2, 3, T, D), np.arange(4, 4 + T)
        for turn in (positions.rope_forward, positions.rope_backward):
            np.testing.assert_allclose(home(turn(up(x), places)), turn(x.astype(float), places),
                                       1e-5, 1e-6)


def cross_entropy():
    for V in WIDTHS:
        logits, targets = 3 * random(2, 5, V), np.random.default_rng(0).integers(0, V, (2, 5))
        wanted, cache = reference['cross_entropy_forward'](logits.astype(float), targets)
        found, own_cache = loss.cross_entropy_forward(*up(logits, targets))
        found, dlogits = home(found, loss.cross_entropy_backward(own_cache))
        assert abs(float(found) - wanted) < 1e-5
        np.testing.assert_allclose(dlogits, loss.cross_entropy_backward(cache), 1e-5, 1e-7)


def optimizer_steps():
    for name in optimizer.OPTIMIZERS:
        for n in (1, 5, 257):
            exact, shapes = random(n, seed=4).astype(float), {'w': (n, 1)}
            there = up(exact)
            slow, fast = (optimizer.make_optimizer(name, shapes, like=like, weight_decay=0.1)
                          for like in (exact, there))
            for step in range(5):
                grad = random(n, seed=10 + step)
                slow.step(exact, grad.astype(float), 0.01)
                fast.step(there, up(grad), 0.01)
            np.testing.assert_allclose(home(there), exact, 2e-5, 2e-6)


def clip_shortens_only_long_gradients():
    for n in (1, 257, 70000):
        grad = random(n)
        length = float(np.sqrt((grad.astype(float) ** 2).sum()))
        for most in (length / 3, length * 3):
            there = up(grad)
            norm = optimizer.clip(there, most)
            norm, found = home(norm, there)
            np.testing.assert_allclose(norm, length, 1e-5)
            np.testing.assert_allclose(found, grad * min(1, most / length), 1e-5, 1e-7)


def gradient_of_the_whole_model():
    for config in (LEARNED, MODERN, WAVES):
        rng = np.random.default_rng(0)
        exact = GPT(config, rng, np.float64)
        exact.flat += rng.normal(0, 0.1, exact.flat.size)
        model = GPT(config, flat=up(exact.flat))
        ids, targets = rng.integers(0, 29, (2, 2, 13))
        found, grads = model.loss_and_grads(ids, targets)
        wanted, exact_grads = exact.loss_and_grads(ids, targets)
        found, flat = home(found, grads.flat)
        assert abs(float(found) - wanted) < 1e-5, (found, wanted)
        grads = type(exact_grads)(flat, exact.shapes)
        for name, grad in grads.items():
            size = np.abs(exact_grads[name]).max()
            np.testing.assert_allclose(grad, exact_grads[name], 1e-4, 1e-5 * max(size, 0.1), name)


CASES = [arithmetic_with_views_and_repeats, it_does_not_mix_with_numpy, product_of_every_size,
         product_by_every_rung, product_in_16_bits, every_rung_races, product_of_any_strides,
         product_over_a_batch, product_into_out, product_refuses_overlap_and_wrong_shapes,
         softmax_pair, softmax_and_sum, future_is_hidden, norm_pairs, activation_pairs, linear_pair,
         embedding_pair, rotary_pair, cross_entropy, optimizer_steps,
         clip_shortens_only_long_gradients, gradient_of_the_whole_model]
