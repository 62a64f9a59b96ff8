"""Every hand-written backward equals central finite differences in float64."""

import numpy as np
import pytest

from minigpt.nn import activations, norms, ops, positions
from minigpt.nn.loss import cross_entropy_backward, cross_entropy_forward

H = 1e-6


def numeric_gradient(f, x):
    """d f / d x for scalar f, by (f(x+h) − f(x−h)) / 2h in each element of x."""
    grad = np.empty_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + H
        above = f()
        x[i] = kept - H
        below = f()
        x[i] = kept
        grad[i] = (above - below) / (2 * H)
    return grad


def check(forward, backward, *inputs, seed=3):
    """Weigh the outputs with random numbers into one scalar; compare all inputs' gradients."""
    out, cache = forward(*inputs)
    weight = np.random.default_rng(seed).normal(size=out.shape)
    grads = backward(weight, cache)
    grads = grads if isinstance(grads, tuple) else (grads,)
    for x, grad in zip(inputs, grads, strict=True):
        numeric = numeric_gradient(lambda: float((forward(*inputs)[0] * weight).sum()), x)
        np.testing.assert_allclose(grad, numeric, rtol=1e-5, atol=1e-7)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_linear(rng):
    check(ops.linear_forward, ops.linear_backward, rng.normal(size=(2, 3, 4)),
          rng.normal(size=(4, 5)), rng.normal(size=5))


def test_layernorm(rng):
    check(norms.layernorm_forward, norms.layernorm_backward, 3 * rng.normal(size=(2, 3, 6)) + 1,
          rng.normal(size=6), rng.normal(size=6))


def test_gelu(rng):
    check(activations.gelu_forward, activations.gelu_backward, 3 * rng.normal(size=(4, 5)))


def test_rmsnorm(rng):
    check(norms.rmsnorm_forward, norms.rmsnorm_backward, 3 * rng.normal(size=(2, 3, 6)) + 1,
          rng.normal(size=6))


def test_relu(rng):
    check(activations.relu_forward, activations.relu_backward, 3 * rng.normal(size=(4, 5)))


def test_swiglu(rng):
    check(activations.swiglu_forward, activations.swiglu_backward, 3 * rng.normal(size=(4, 6)))


def test_rope(rng):
    places = np.arange(2, 5)
    check(lambda x: (positions.rope_forward(x, places), places), positions.rope_backward,
          rng.normal(size=(2, 2, 3, 4)))


def test_dropout(rng):
    check(lambda x: ops.dropout_forward(x, 0.4, np.random.default_rng(1)), ops.dropout_backward,
          rng.normal(size=(4, 5)))


def test_softmax(rng):
    check(ops.softmax_forward, ops.softmax_backward, 3 * rng.normal(size=(4, 5)))


def test_embedding(rng):
    ids = np.array([[0, 3, 3], [1, 0, 3]])
    check(lambda table: ops.embedding_forward(ids, table), ops.embedding_backward,
          rng.normal(size=(5, 4)))


def test_cross_entropy(rng):
    logits, targets = rng.normal(size=(2, 3, 5)), np.array([[0, 4, 2], [1, 1, 3]])
    numeric = numeric_gradient(lambda: cross_entropy_forward(logits, targets)[0], logits)
    _, cache = cross_entropy_forward(logits, targets)
    np.testing.assert_allclose(cross_entropy_backward(cache), numeric, rtol=1e-5, atol=1e-7)


def test_softmax_survives_huge_scores():
    probs, _ = ops.softmax_forward(np.array([1e30, -1e30, 1e30], np.float32))
    np.testing.assert_array_equal(probs, [0.5, 0, 0.5])


def test_layernorm_output_has_mean_0_and_variance_1(rng):
    out, _ = norms.layernorm_forward(rng.normal(5, 9, size=(7, 64)), np.ones(64), np.zeros(64))
    np.testing.assert_allclose(out.mean(-1), 0, atol=1e-12)
    np.testing.assert_allclose(out.var(-1), 1, atol=1e-5)


def test_gelu_known_values():
    out, _ = activations.gelu_forward(np.array([0.0, 1.0, -1.0, 10.0]))
    np.testing.assert_allclose(out, [0, 0.8411920, -0.1588080, 10], atol=1e-6)


def test_rmsnorm_output_has_mean_square_1(rng):
    out, _ = norms.rmsnorm_forward(rng.normal(5, 9, size=(7, 64)), np.ones(64))
    np.testing.assert_allclose((out ** 2).mean(-1), 1, atol=1e-5)


def test_rope_makes_products_depend_on_distance_alone(rng):
    q, k = rng.normal(size=(2, 1, 1, 1, 8))

    def product(place_q, place_k):
        return (positions.rope_forward(q, np.array([place_q]))
                * positions.rope_forward(k, np.array([place_k]))).sum()

    assert product(3, 1) == pytest.approx(product(10, 8))
    assert product(3, 1) != pytest.approx(product(3, 2))


def test_rope_keeps_lengths(rng):
    x = rng.normal(size=(2, 3, 7, 8))
    turned = positions.rope_forward(x, np.arange(7))
    np.testing.assert_allclose((turned ** 2).sum(-1), (x ** 2).sum(-1))
    np.testing.assert_array_equal(turned[:, :, 0], x[:, :, 0])


def test_sinusoids_are_those_of_the_paper():
    waves = positions.sinusoidal_forward(np.arange(4), 6, np.float64)
    np.testing.assert_allclose(waves[3], [np.sin(3), np.cos(3), np.sin(3 / 10_000 ** (1 / 3)),
                                          np.cos(3 / 10_000 ** (1 / 3)),
                                          np.sin(3 / 10_000 ** (2 / 3)),
                                          np.cos(3 / 10_000 ** (2 / 3))])


def test_dropout_keeps_the_mean_and_only_acts_in_training(rng):
    x = np.ones((200, 200))
    out, _ = ops.dropout_forward(x, 0.25, rng)
    assert set(np.unique(out)) == {0, 1 / 0.75}
    assert out.mean() == pytest.approx(1, abs=0.02)
    assert ops.dropout_forward(x, 0.25, None)[0] is x
