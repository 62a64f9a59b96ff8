"""Where a word stands: what is lost without positions, and three ways to tell them."""

import math

import numpy as np

from minigpt.embeddings import cosine_similarity, position_table
from minigpt.nn import GPT, GPTConfig
from minigpt.nn.parameters import count, parameter_shapes
from minigpt.nn.positions import rope_forward, sinusoidal_forward, wave_angles
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Curves, Heat, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint

LEVEL = 'beginner'
KINDS = ('learned', 'sinusoidal', 'rope')


def story():
    yield Step('order', {'without': change_by_swapping(False), 'with_': change_by_swapping(True)})
    table = position_table(checkpoint().model)
    yield Step('learned', {'rows': len(table), 'width': table.shape[1]},
               (Heat(cosine_similarity(table[:48], table[:48])),))
    waves = sinusoidal_forward(np.arange(48), 24, np.float64)
    yield Step('waves', {}, (Heat(waves.T),))
    yield Step('rope', {}, (Rows([(m, n, m - n, (dot_after_turning(m, n), 4))
                                  for m, n in ((3, 1), (10, 8), (40, 38), (10, 1), (40, 31))]),))
    yield Step('cost', {}, (Rows([(kind, parameters(kind)) for kind in KINDS]),))


def change_by_swapping(with_positions: bool) -> float:
    """How much the last word's logits change when the two words before it change places."""
    config = GPTConfig(vocab_size=20, block_size=4, n_embd=16, n_head=2, n_layer=1)
    model = GPT(config, np.random.default_rng(0))
    model.flat *= 10
    if not with_positions:
        model.params['wpe.weight'][...] = 0
    one, two = (model.forward(np.array([ids]))[0, -1] for ids in ([3, 7, 5], [7, 3, 5]))
    return float(np.abs(one - two).max())


def dot_after_turning(m: int, n: int) -> float:
    """The product of one query at place m and one key at place n after RoPE has turned both."""
    q, k = np.random.default_rng(5).normal(size=(2, 1, 1, 1, 16))
    return float((rope_forward(q, np.array([m])) * rope_forward(k, np.array([n]))).sum())


def parameters(kind: str) -> int:
    return count(parameter_shapes(GPTConfig(position=kind)))


def analysis():
    return Number(expected=float(wave_angles(np.array([10]), 8)[0, 0]), tolerance=0.01)


def visualisation():
    steps, frequency = 126, wave_angles(np.array([1]), 8)[0, 1]
    wave = np.sin(np.arange(steps) * frequency).tolist()
    return Number(values={'steps': steps}, tolerance=0.1,
                  figures=(Curves({'sin': wave}, x='place', y='value', first=0, last=steps - 1),),
                  expected=round(steps * float(frequency) / (2 * math.pi)))


def comparison():
    return Choice(choices=KINDS, expected=max(KINDS, key=parameters))


def implementation():
    return Code(code='def turn(pair, angle):\n    ...\n',
                reference=lambda pair, angle: np.array(
                    [pair[0] * math.cos(angle) - pair[1] * math.sin(angle),
                     pair[0] * math.sin(angle) + pair[1] * math.cos(angle)]),
                cases=[(np.array([1.0, 0.0]), math.pi / 2), (np.array([2.0, -1.0]), 0.7)])


def debugging():
    return BugHunt(file='nn/positions.py', right='left * sin + right * cos',
                   wrong='left * sin - right * cos', judge=length_changed_by_turning, limit=1e-5)


def length_changed_by_turning(module) -> float:
    """A turn leaves lengths as they are: the largest difference that this one makes."""
    x = np.random.default_rng(0).normal(size=(1, 2, 6, 8))
    turned = module.rope_forward(x, np.arange(6))
    return float(np.abs(np.linalg.norm(turned, axis=-1) - np.linalg.norm(x, axis=-1)).max())
