"""One layer, three numbers, the chain rule: a gradient with a pencil, then with the library."""

import numpy as np

from minigpt.nn.loss import cross_entropy_backward, cross_entropy_forward
from minigpt.nn.ops import linear_backward, linear_forward, softmax_forward
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Heat, Rows
from minigpt.teach.lesson import Step

LEVEL = 'intermediate'
X = np.array([[1.0, -2.0]])
WEIGHT = np.array([[0.5, -0.3, 0.1], [0.2, 0.4, -0.6]])
BIAS = np.array([0.0, 0.1, -0.1])
TARGET = np.array([2])
LOGITS = np.log(np.array([0.5, 0.3, 0.2]))


def forward(weight=WEIGHT):
    """Logits, probabilities, loss and what backward needs."""
    logits, cache = linear_forward(X, weight, BIAS)
    loss, loss_cache = cross_entropy_forward(logits, TARGET)
    return logits, softmax_forward(logits)[0], loss, cache, loss_cache


def story():
    logits, probs, loss, cache, loss_cache = forward()
    yield Step('forward', {'x': row(X[0]), 'logits': row(logits[0]), 'probs': row(probs[0]),
                           'loss': loss})
    dlogits = cross_entropy_backward(loss_cache)
    yield Step('surprise', {}, (Rows(
        [(name, (float(probs[0, i]), 3), (float(i == TARGET[0]), 0), (float(dlogits[0, i]), 3))
         for i, name in enumerate('ABC')]),))
    _, dweight, _ = linear_backward(dlogits, cache)
    yield Step('weights', {'one': float(X[0, 1]), 'other': float(dlogits[0, 2]),
                           'product': float(dweight[1, 2])},
               (Heat(dweight, ('x1', 'x2'), [*'ABC']),))
    h = 1e-5
    yield Step('check', {'numeric': nudged(h), 'analytic': float(dweight[1, 2]), 'h': h})
    rates = (0.1, 0.5, 2.0)
    yield Step('descent', {'loss': loss}, (Rows(
        [((rate, 1), (forward(WEIGHT - rate * dweight)[2], 4)) for rate in rates]),))


def row(values) -> str:
    return '  '.join(f'{value:.3f}' for value in values)


def nudged(h: float) -> float:
    """The slope of the loss in one weight, measured by moving it a little both ways."""
    move = np.zeros_like(WEIGHT)
    move[1, 2] = h
    return (forward(WEIGHT + move)[2] - forward(WEIGHT - move)[2]) / (2 * h)


def gradient(logits: np.ndarray, target: int) -> np.ndarray:
    """p − 1 at the target, p elsewhere."""
    return cross_entropy_backward(cross_entropy_forward(logits[None], np.array([target]))[1])[0]


def analysis():
    return Number(expected=float(gradient(LOGITS, 2)[2]), tolerance=0.006)


def visualisation():
    seen = gradient(np.array([0.3, 1.0, -0.5, 0.8, 0.1]), 3)
    return Choice(figures=(Heat(seen[None], ['d'], [*'ABCDE']),), choices=(*'ABCDE',),
                  expected='ABCDE'[int(seen.argmin())])


def comparison():
    wrong, right = np.array([4.0, 0.0]), np.array([0.0, 4.0])
    sizes = {'A': abs(gradient(wrong, 1)).max(), 'B': abs(gradient(right, 1)).max()}
    return Choice(choices=('A', 'B'), expected=max(sizes, key=sizes.get))


def implementation():
    rng = np.random.default_rng(0)
    return Code(code='def gradient(logits, target):\n    # logits: (V,); target: int\n    ...\n',
                reference=gradient, cases=[(LOGITS, 0), (rng.normal(size=6), 5)])


def debugging():
    return BugHunt(file='nn/ops.py', right='matmul(flat_x.T, flat_dout), flat_dout.sum(axis=0)',
                   wrong='matmul(flat_x.T, flat_dout), flat_dout.mean(axis=0)',
                   judge=error_of_the_bias_gradient, limit=1e-6)


def error_of_the_bias_gradient(module) -> float:
    """The gradient of Σ(y·g) in the bias against a finite difference, at its worst place."""
    rng = np.random.default_rng(1)
    x, weight, bias, g = (rng.normal(size=shape) for shape in ((4, 3), (3, 2), (2,), (4, 2)))
    _, cache = module.linear_forward(x, weight, bias)
    _, _, dbias = module.linear_backward(g, cache)
    numeric = [sum(sign * (module.linear_forward(x, weight, bias + sign * move)[0] * g).sum()
                   for sign in (1, -1)) / 2e-6 for move in 1e-6 * np.eye(2)]
    return float(np.abs(dbias - numeric).max()) / 10
