"""How an update went inside the model: the gradient, the weights and their change, part by part.

Lengths are Euclidean norms. An update that is a thousandth of the weights is usual; one a hundred
times larger shakes the model, one a hundred times smaller leaves it as it is.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from minigpt.nn.parameters import Shapes

Array = np.ndarray


@dataclass(frozen=True)
class PartVitals:
    """Lengths of one part's gradient (before clipping), of its weights, and of what they moved."""
    gradient: float
    weights: float
    update: float

    @property
    def ratio(self) -> float:
        """The update beside the weights; 0 for a part that is all 0."""
        return self.update / self.weights if self.weights else 0.0


Vitals = dict[str, PartVitals]  # 'embedding', 'h.0', …, 'ln_f' and, where it is not tied, 'head'


def vitals(shapes: Shapes, before: Array, after: Array, grad: Array, grad_norm: float) -> Vitals:
    """From the weights (P,) before and after an update and its gradient (P,), clipped or not.

    `grad_norm` is the gradient's length before it was clipped.
    """
    clipped = _length(grad)
    scale = grad_norm / clipped if clipped else 1.0
    return {name: PartVitals(scale * _length(grad[part]), _length(after[part]),
                             _length(after[part] - before[part]))
            for name, part in model_parts(shapes)}


def model_parts(shapes: Shapes) -> Iterator[tuple[str, slice]]:
    """The parts of a model in the order of the data, and where they lie in the flat vector."""
    start = begin = 0
    part = ''
    for name, shape in shapes.items():
        if part_of(name) != part:
            if part:
                yield part, slice(begin, start)
            part, begin = part_of(name), start
        start += math.prod(shape)
    yield part, slice(begin, start)


def part_of(parameter: str) -> str:
    """'h.0.attn.c_proj.bias' → 'h.0'."""
    pieces = parameter.split('.')
    if pieces[0] == 'h':
        return f'h.{pieces[1]}'
    return {'wte': 'embedding', 'wpe': 'embedding', 'lm_head': 'head'}.get(pieces[0], pieces[0])


def _length(vector: Array) -> float:
    return math.sqrt(np.dot(vector, vector))
