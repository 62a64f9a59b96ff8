"""What every backend must get right, as plain functions: pytest runs them natively, and
suite_in_pyodide.py inside the browser's Python. Exact results are NumPy's in float64.
"""

import numpy as np

from minigpt import backend
from minigpt.backend.dispatch import reference
from minigpt.nn import GPT, GPTConfig, activations, attention, loss, norms, ops
from minigpt.training import TrainConfig, TrainState, optimizer
from minigpt.training.trainer import one_step

SIZES = (0, 1, 2, 3, 5, 17, 63, 64, 65, 127, 257)
WIDTHS = tuple(n for n in SIZES if n)
LEARNED = GPTConfig(vocab_size=29, block_size=13, n_embd=24, n_head=3, n_layer=2)
MODERN = GPTConfig(vocab_size=29, block_size=13, n_embd=24, n_head=4, n_layer=2, position='rope',
                   norm='rmsnorm', activation='swiglu', n_kv_head=2)


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def check_product(a, b, out=None, start=None):
    """Against float64, within 2·K·ε·Σ|a||b| for each element."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    found = backend.matmul(a, b) if out is None else backend.matmul(a, b, out, start is not None)
    exact = x @ y + (0 if start is None else start)
    bound = 2 * max(1, a.shape[-1]) * 1.19e-7 * (np.abs(x) @ np.abs(y) + np.abs(exact))
    assert found.dtype == np.float32 and found.shape == exact.shape, found.shape
    assert (np.abs(found - exact) <= bound).all(), (a.shape, b.shape, np.abs(found - exact).max())


def product_of_every_size():
    for M in SIZES:
        for N in SIZES:
            for K in (0, 1, 5, 64, 257) if M * N > 400 else SIZES:
                check_product(random(M, K), random(K, N, seed=1))


def product_of_transposed_views():
    for M, K, N in ((1, 64, 257), (2, 17, 65), (65, 127, 63), (257, 5, 17)):
        a, b = random(K, M).T, random(N, K, seed=1).T
        check_product(a, b)
        check_product(a, np.ascontiguousarray(b))
        check_product(np.ascontiguousarray(a), b)


def product_of_any_strides():
    for M, K, N in ((1, 17, 65), (3, 64, 64), (17, 65, 63)):
        a, b = random(2 * M, 3 * K)[::2, ::3], random(3 * K, 2 * N, seed=1)[::3, ::2]
        check_product(a, b)
        check_product(a[::-1], b[:, ::-1])
        check_product(a[:, ::-1], b[::-1])
        check_product(np.broadcast_to(a[:1], a.shape), b)


def product_over_a_batch():
    a, b = random(2, 3, 17, 65), random(2, 3, 65, 5, seed=1)
    check_product(a, b)
    check_product(a, b[0, 0])
    check_product(a, b[:, :1])
    check_product(a[0, :1], b)
    check_product(a.swapaxes(-1, -2), random(2, 3, 17, 8))
    heads = random(2, 17, 12, 8).transpose(0, 2, 1, 3)  # (B, H, T, D) views of one (B, T, C)
    check_product(heads[:, :4], heads[:, 4:8].swapaxes(-1, -2))
    check_product(a[:, :0], b[:, :0])


def product_into_out():
    a, b = random(2, 17, 65), random(2, 65, 5, seed=1)
    home = random(2, 20, 9, seed=2)
    kept, out = home.copy(), home[:, 2:19, 3:8]
    check_product(a, b, out)
    kept[:, 2:19, 3:8] = out
    np.testing.assert_array_equal(home, kept)  # nothing beside it was touched
    check_product(a, b, out, start=out.astype(np.float64))
    for K in (0, 1, 300, 600):
        out = random(9, 10)
        check_product(random(9, K), random(K, 10), out, start=out.astype(np.float64))
        check_product(random(9, K), random(K, 10), out)


def large_products():
    """Large enough for two threads, in all the ways in which they share the work."""
    for M, K, N in ((300, 256, 257), (257, 129, 512), (2, 3000, 1500)):
        a, b = random(M, K), random(K, N, seed=1)
        columns, turned = a.T.copy().T, b.T.copy().T
        for x, y in ((a, b), (a, turned), (columns, b), (columns, turned), (a[::-1], b)):
            check_product(x, y)
            out = random(M, N, seed=2)
            check_product(x, y, out, start=out.astype(np.float64))
    both = random(600, 256)
    said = raises(ValueError, backend.matmul, both[:300], random(256, 256), both[299:599])
    assert 'overlap' in said
    raises(ValueError, backend.matmul, a, b[:-1])


def raises(kind, function, *args):
    try:
        function(*args)
    except kind as error:
        return str(error)
    raise AssertionError(f'no {kind} from {function}')


def product_refuses_overlap_and_wrong_shapes():
    a, b = random(8, 8), random(8, 8, seed=1)
    both = random(16, 8)
    for out, x, y in ((a, a, b), (b, a, b), (a[::-1], a, b), (both[4:12], both[:8], b)):
        assert 'overlap' in raises(ValueError, backend.matmul, x, y, out)
    backend.matmul(both[:8], b, both[8:])
    raises(ValueError, backend.matmul, a, b[:5])
    raises(ValueError, backend.matmul, a, b, np.empty((7, 8), np.float32))
    raises(ValueError, backend.matmul, random(2, 8, 8), random(3, 8, 8))


def product_in_float64():
    a, b = random(5, 6).astype(float), random(6, 7).astype(float)
    np.testing.assert_allclose(backend.matmul(a, b), a @ b, rtol=1e-14)


def product_after_the_heap_grew():
    a, b = random(65, 127), random(127, 63, seed=1)
    check_product(a, b)
    more = [np.ones(2 ** 24, np.float32) for _ in range(4)]  # 256 MB
    check_product(a, b)
    check_product(more[0][:64 * 64].reshape(64, 64), a[:64, :64])


def compare(name, forward, backward, *inputs, rtol=1e-5, atol=2e-6):
    """A pair's results in float32 against the NumPy pair in float64."""
    exact, cache = reference[name + '_forward'](*(x.astype(np.float64) for x in inputs))
    out, own_cache = forward(*inputs)
    np.testing.assert_allclose(out, exact, rtol, atol)
    dout = random(*exact.shape, seed=9)
    wanted = reference[name + '_backward'](dout.astype(np.float64), cache)
    found = backward(dout, own_cache)
    for one, other in zip(*((x if isinstance(x, tuple) else (x,)) for x in (found, wanted))):
        assert one.dtype == np.float32 and one.shape == other.shape
        np.testing.assert_allclose(one, other, 1e-4, 1e-5 * max(1, np.abs(other).max()))


def softmax_pair():
    for width in WIDTHS:
        compare('softmax', ops.softmax_forward, ops.softmax_backward, 4 * random(3, 5, width))
    compare('softmax', ops.softmax_forward, ops.softmax_backward, random(7, 10).T)
    far = np.array([[0, -20, -87, -88, -1000, 2, 3, 4]], np.float32)
    np.testing.assert_allclose(ops.softmax_forward(far)[0], reference['softmax_forward'](
        far.astype(float))[0], 1e-5, 1e-38)
    probs, _ = ops.softmax_forward(np.array([[1e30, -1e30, 1e30, -np.inf, 0]], np.float32))
    np.testing.assert_array_equal(probs, [[0.5, 0, 0.5, 0, 0]])
    assert ops.softmax_forward(random(0, 5))[0].shape == (0, 5)
    assert np.isnan(ops.softmax_forward(np.array([[0, np.nan, 1, 2, 3]], np.float32))[0]).all()


def future_is_hidden():
    for T in WIDTHS[:8]:
        for S in (T, T + 3):
            scores = random(2, 2 * T, S)
            wanted = scores * np.float32(0.3)
            for t in range(T if T > 1 else 0):
                wanted[:, [t, T + t], S - T + t + 1:] = -np.inf
            attention.hide_future(scores, T, 0.3)
            np.testing.assert_allclose(scores, wanted, rtol=1e-6)


def softmax_and_sum_in_one():
    for T, S, D in ((1, 1, 1), (1, 65, 8), (5, 17, 3), (64, 257, 32)):
        scores, values = 4 * random(2, T, S), random(2, S, D, seed=1)
        scores[:, 0, 1:] = -np.inf
        exps = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
        wanted = exps / exps.sum(axis=-1, keepdims=True) @ values.astype(np.float64)
        found = attention.softmax_sum(scores, values)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


def heads_pair():
    """All heads of an attention at once, on views of one array as a model has them."""
    for B, H, K, T, S, D in ((1, 1, 1, 1, 1, 1), (2, 3, 3, 5, 5, 3), (2, 4, 2, 13, 17, 6),
                             (1, 6, 2, 25, 25, 32), (2, 2, 2, 64, 64, 32), (1, 4, 1, 65, 130, 16),
                             (1, 2, 1, 9, 600, 4), (1, 1, 1, 3, 3, 130)):
        q = 2 * random(B, T, H, D).transpose(0, 2, 1, 3)
        k, v = random(B, S, 2, K, D, seed=1).transpose(2, 0, 3, 1, 4)
        mask = (random(B, K, H // K * T, S, seed=2) > -1) * np.float32(1.25)
        for given in (None, mask):
            check_heads(q, k, v, given)


def check_heads(q, k, v, mask):
    exact = [x.astype(np.float64) for x in (q, k, v)]
    wanted, cache = reference['heads_forward'](*exact, mask)
    found, own_cache = attention.heads_forward(q, k, v, mask)
    assert found.dtype == np.float32 and found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, 1e-5, 2e-6)
    np.testing.assert_allclose(own_cache[3], cache[3], 1e-5, 1e-6)  # the weights
    dheads = random(*wanted.shape, seed=3)
    grads, exact_grads = ([np.full_like(x, np.nan) for x in them] for them in ((q, k, v), exact))
    reference['heads_backward'](dheads.astype(np.float64), cache, *exact_grads)
    attention.heads_backward(dheads, own_cache, *grads)
    for one, other in zip(grads, exact_grads):
        np.testing.assert_allclose(one, other, 1e-4, 1e-5 * np.abs(other).max(initial=1))


def norm_pairs():
    for C in WIDTHS[1:]:
        x, gain, bias = 3 * random(2, 5, C) + 1, random(C, seed=1), random(C, seed=2)
        if C > 2:  # two values: the variance may vanish and blow rounding up
            compare('layernorm', norms.layernorm_forward, norms.layernorm_backward, x, gain, bias,
                    rtol=1e-4, atol=1e-5)
        compare('rmsnorm', norms.rmsnorm_forward, norms.rmsnorm_backward, x, gain)


def activation_pairs():
    for width in WIDTHS:
        compare('gelu', activations.gelu_forward, activations.gelu_backward, 4 * random(3, width))
        compare('swiglu', activations.swiglu_forward, activations.swiglu_backward,
                4 * random(3, 2 * width))
    far = np.array([-1e4, -50, -12, 0, 12, 50, 1e4], np.float32)
    np.testing.assert_allclose(activations.gelu_forward(far)[0], np.maximum(far, 0), atol=1e-6)


def linear_pair():
    for rows, I, O in ((1, 64, 257), (2, 17, 3), (65, 63, 127), (150, 256, 257)):
        compare('linear', ops.linear_forward, ops.linear_backward, random(rows, 2, I),
                random(I, O, seed=1), random(O, seed=2), rtol=1e-4, atol=2e-5)


def cross_entropy():
    for V in WIDTHS:
        logits, targets = 3 * random(2, 5, V), np.random.default_rng(0).integers(0, V, (2, 6))[:, 1:]
        wanted, cache = loss.cross_entropy_forward(logits.astype(float), targets)
        found, own_cache = loss.cross_entropy_forward(logits, targets)
        assert abs(found - wanted) < 1e-5
        np.testing.assert_allclose(loss.cross_entropy_backward(own_cache),
                                   loss.cross_entropy_backward(cache), 1e-5, 1e-7)


def table_gradients():
    for C in WIDTHS:
        dout, ids = random(3, 7, C), np.random.default_rng(0).integers(0, 5, (3, 7))
        wanted = np.zeros((6, C))
        np.add.at(wanted, ids, dout)
        np.testing.assert_allclose(ops.embedding_backward(dout, (ids, (6, C))), wanted, 1e-5, 1e-6)


def clipping():
    for n in (*WIDTHS, 5000):
        grad = random(n, seed=5)
        length = np.sqrt((grad.astype(float) ** 2).sum())
        shortened, left = grad.copy(), grad.copy()
        np.testing.assert_allclose([optimizer.clip(left, length + 1),
                                    optimizer.clip(shortened, length / 2)], length, 1e-6)
        np.testing.assert_array_equal(left, grad)
        np.testing.assert_allclose(shortened, grad / 2, 1e-5)


def adamw_steps():
    for n in (1, 5, 257):
        decay = random(n, seed=3) ** 2
        exact = [random(n, seed=4).astype(float), np.zeros(n), np.zeros(n)]
        found = [x.astype(np.float32) for x in exact]
        for step in range(1, 6):
            grad = random(n, seed=10 + step)
            for flat, mean, square in (exact, found):
                optimizer.adamw_update(flat, grad.astype(flat.dtype), mean, square,
                                       decay.astype(flat.dtype), 0.01, 0.9, 0.99, 1e-8, step)
        for one, other in zip(found, exact):
            np.testing.assert_allclose(one, other, 1e-5, 1e-6)


def gradient_of_the_whole_model():
    """Every gradient in float32 against NumPy's in float64, which finite differences vouch for."""
    for config in (LEARNED, MODERN):
        rng = np.random.default_rng(0)
        model, exact = GPT(config, rng), GPT(config, dtype=np.float64)
        model.flat += rng.normal(0, 0.1, model.flat.size).astype(np.float32)
        exact.flat[...] = model.flat
        ids, targets = rng.integers(0, 29, (2, 2, 13))
        found, grads = model.loss_and_grads(ids, targets)
        wanted, exact_grads = exact.loss_and_grads(ids, targets)
        assert abs(found - wanted) < 1e-5
        for name, grad in grads.items():
            size = np.abs(exact_grads[name]).max()
            np.testing.assert_allclose(grad, exact_grads[name], 1e-4, 1e-5 * max(size, 0.1), name)


def a_later_token_changes_nothing_before_it():
    model, ids = GPT(LEARNED, np.random.default_rng(0)), np.arange(13)[None]
    changed = ids.copy()
    changed[0, -1] = 20
    np.testing.assert_array_equal(model.forward(ids)[:, :-1], model.forward(changed)[:, :-1])


def loss_curve(config, name):
    """50 losses of training from the same start with this backend."""
    backend.use(name)
    rng = np.random.default_rng(0)
    model, settings = GPT(config, rng), TrainConfig(batch_size=4, steps=50, warmup=5)
    state, data = TrainState(model, settings), np.arange(2000) % 29
    return [one_step(model, data, settings, state).loss for _ in range(50)]


def loss_curve_is_numpys():
    name = backend.current()
    for config in (LEARNED, MODERN):
        found, wanted = loss_curve(config, name), loss_curve(config, 'numpy')
        backend.use(name)
        np.testing.assert_allclose(found, wanted, atol=1e-3)
        np.testing.assert_allclose(found[:10], wanted[:10], atol=1e-5)


CASES = [product_of_every_size, product_of_transposed_views, product_of_any_strides,
         product_over_a_batch, product_into_out, large_products,
         product_refuses_overlap_and_wrong_shapes,
         product_in_float64, product_after_the_heap_grew, softmax_pair, softmax_and_sum_in_one,
         future_is_hidden, heads_pair, norm_pairs, activation_pairs, linear_pair, cross_entropy,
         table_gradients, clipping, adamw_steps,
         gradient_of_the_whole_model, a_later_token_changes_nothing_before_it, loss_curve_is_numpys]
