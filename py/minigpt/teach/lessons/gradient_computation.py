"""Is the gradient right? Finite differences, their own errors, and where gradients are large."""

import numpy as np

from minigpt.locale.powers import powers_of_ten
from minigpt.nn import GPT, GPTConfig
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Curves, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import SENTENCE, checkpoint, tokens
from minigpt.training import gradient_check
from minigpt.training.gradient_check import numeric_gradient

LEVEL = 'intermediate'
NAMES = ('wte.weight', 'h.0.attn.c_attn.weight', 'h.0.mlp.c_fc.weight', 'h.1.ln_1.weight',
         'ln_f.bias')
PLACE = ('h.0.mlp.c_fc.weight', (2, 5))


def tiny() -> tuple[GPT, np.ndarray, np.ndarray]:
    """A model in float64 with weights large enough to matter, ids and targets."""
    rng = np.random.default_rng(0)
    config = GPTConfig(vocab_size=13, block_size=6, n_embd=8, n_head=2, n_layer=2)
    model = GPT(config, rng, np.float64)
    model.flat += rng.normal(0, 0.3, model.n_params)
    return model, rng.integers(0, 13, (2, 6)), rng.integers(0, 13, (2, 6))


def story():
    model, ids, targets = tiny()
    places = [(name, tuple(n // 2 for n in model.params[name].shape)) for name in NAMES]
    yield Step('check', {}, (Rows(
        [(found.name, (found.analytic, 6), (found.numeric, 6), powers_of_ten(f'{found.relative_error:.0e}'))
         for found in gradient_check(model, ids, targets, places)]),))
    curve = errors_by_step()
    best = 10.0 ** -(1 + int(np.argmin(curve.lines['log10'])))
    yield Step('too_small', {'best': best}, (curve,))
    yield Step('single', {'error': error_at(1e-6, np.float32)})
    yield Step('layers', {'sentence': SENTENCE}, (Bars(*norms(), digits=3),))
    yield Step('clipping', {'norm': float(np.linalg.norm(gradient_of_the_sentence().flat))})


def errors_by_step() -> Curves:
    """The logarithm of the error for a step of 10⁻¹ to 10⁻¹¹."""
    errors = [float(np.log10(error_at(10.0 ** -exponent))) for exponent in range(1, 12)]
    return Curves({'log10': errors}, digits=1, x='exponent', y='log_error')


def error_at(h: float, dtype=np.float64) -> float:
    """Relative error of the central difference of step h at one weight."""
    model, ids, targets = tiny()
    if dtype is not np.float64:
        single = GPT(model.config, dtype=dtype)
        single.flat[...] = model.flat
        model = single
    exact = model.loss_and_grads(ids, targets)[1][PLACE[0]][PLACE[1]]
    return float(abs(numeric_gradient(model, ids, targets, *PLACE, h) - exact) / abs(exact)) + 1e-17


def gradient_of_the_sentence():
    ids = np.array([tokens(SENTENCE)[0]])
    return checkpoint().model.loss_and_grads(ids[:, :-1], ids[:, 1:])[1]


def norms() -> tuple[list[str], list[float]]:
    """The length of the gradient in the matrices of each block, and in the tables."""
    grads = gradient_of_the_sentence()
    groups = ['wte', 'wpe', *(f'h.{i}' for i in range(checkpoint().model.config.n_layer))]
    return groups, [float(np.sqrt(sum((grads[name] ** 2).sum() for name in grads
                                      if name.startswith(f'{group}.')))) for group in groups]


def central(f, w: np.ndarray, h: float) -> np.ndarray:
    """(f(w + h) − f(w − h)) / 2h for each number of w."""
    moves = h * np.eye(len(w))
    return np.array([(f(w + move) - f(w - move)) / (2 * h) for move in moves])


def analysis():
    return Number(expected=(3.1 ** 2 - 3 ** 2) / 0.1, tolerance=0.01)


def visualisation():
    errors = {name: error_at(h) for name, h in {'A': 1e-1, 'B': 1e-5, 'C': 1e-11}.items()}
    return Choice(figures=(errors_by_step(),), choices=tuple(errors),
                  expected=min(errors, key=errors.get))


def comparison():
    model, ids, targets = tiny()
    exact = model.loss_and_grads(ids, targets)[1][PLACE[0]][PLACE[1]]
    base = model.loss(ids, targets)
    model.params[PLACE[0]][PLACE[1]] += 1e-3
    one_sided = abs((model.loss(ids, targets) - base) / 1e-3 - exact)
    two_sided = abs(error_at(1e-3) * exact)
    return Choice(choices=('A', 'B'), expected='A' if one_sided < two_sided else 'B')


def implementation():
    return Code(code='def slope(f, w, h):\n    # w: (N,); return (N,)\n    ...\n',
                reference=central,
                cases=[(lambda w: float((w ** 2).sum()), np.array([1.0, -2.0, 0.5]), 1e-5),
                       (lambda w: float(np.sin(w[0]) * w[1]), np.array([0.3, 2.0]), 1e-4)])


def debugging():
    return BugHunt(file='nn/norms.py', right='    dx -= mean_part\n', wrong='',
                   judge=error_of_layernorm, limit=1e-5)


def error_of_layernorm(module) -> float:
    """The backward of LayerNorm against finite differences, at its worst place."""
    rng = np.random.default_rng(4)
    x, gain, bias, g = rng.normal(size=(4, 6))
    _, cache = module.layernorm_forward(x[None], gain, bias)
    dx = module.layernorm_backward(g[None], cache)[0][0]

    def f(w):
        return float((module.layernorm_forward(w[None], gain, bias)[0][0] * g).sum())

    return float(np.abs(dx - central(f, x, 1e-6)).max())
