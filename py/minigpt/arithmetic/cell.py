"""One number, and everything that it was computed from."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Operand:
    """A single number: `name` and `index` say of which array, or `name` is empty for a number that
    stands in none (an angle's cosine).
    """
    name: str
    index: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class Line:
    """A row or column of an array: `index` has None at the axis along which it runs, and on that
    axis it begins at `start`.
    """
    name: str
    index: tuple[int | None, ...]
    values: Array  # float64
    start: int = 0

    def operand(self, i: int) -> Operand:
        """Its i-th number, with its place in the array."""
        place = tuple(self.start + i if at is None else at for at in self.index)
        return Operand(self.name, place, float(self.values[i]))


@dataclass(frozen=True)
class Cell:
    """A number of a forward pass.

    `value` is what the model computed; `computed` what `operation` gives for `lines` and `numbers`
    alone, in float64: equal up to float32's rounding.
    """
    name: str
    index: tuple[int, ...]
    value: float
    operation: str
    lines: tuple[Line, ...] = ()
    numbers: dict[str, Operand] = field(default_factory=dict)

    @property
    def computed(self) -> float:
        return OPERATIONS[self.operation](self.lines, {
            name: it.value for name, it in self.numbers.items()})

    def operand(self, side: int, i: int) -> Operand | None:
        """The i-th number of its row (side 0) or column (1); None where there is none."""
        if side < len(self.lines) and i < len(self.lines[side].values):
            return self.lines[side].operand(i)
        return None

    @property
    def products(self) -> Array:
        """The terms of its sum of products, where it is one; otherwise empty."""
        if self.operation not in PRODUCTS:
            return np.zeros(0)
        return self.lines[0].values * self.lines[1].values


def dot(lines: tuple[Line, ...], n: dict[str, float]) -> float:
    """Row · column, plus a bias where there is one."""
    return float(lines[0].values @ lines[1].values) + n.get('bias', 0)


def turned(lines: tuple[Line, ...], n: dict[str, float]) -> float:
    """RoPE: two such sums, turned by an angle."""
    own = float(lines[0].values @ lines[1].values) + n['bias']
    partner = float(lines[0].values @ lines[2].values) + n['bias of partner']
    return own * n['cos'] + partner * n['sin']


def layernorm(lines: tuple[Line, ...], n: dict[str, float]) -> float:
    return (n['x'] - n['mean']) / math.sqrt(n['variance'] + n['eps']) * n['gain'] + n['bias']


def softmax(lines: tuple[Line, ...], n: dict[str, float]) -> float:
    return math.exp(n['x'] - n['largest']) / n['sum']


def gelu(lines: tuple[Line, ...], n: dict[str, float]) -> float:
    x = n['x']
    return x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def swiglu(lines: tuple[Line, ...], n: dict[str, float]) -> float:
    return n['gate'] / (1 + math.exp(-n['gate'])) * n['x']


OPERATIONS: dict[str, Callable[[tuple[Line, ...], dict[str, float]], float]] = {
    'tokens': lambda lines, n: n['id'],
    'learnt': lambda lines, n: n['x'],
    'embed': lambda lines, n: sum(n.values()),
    'add': lambda lines, n: sum(n.values()),
    'layernorm': layernorm,
    'rmsnorm': lambda lines, n: n['x'] / math.sqrt(n['mean square'] + n['eps']) * n['gain'],
    'project': dot, 'linear': dot, 'logits': dot, 'mix': dot, 'dots': dot,
    'turned': turned,
    'mask': lambda lines, n: n['x'],
    'scores': lambda lines, n: n['dot'] / n['root of D'] + n['mask'],
    'softmax': softmax,
    'unseen': lambda lines, n: 0.0,
    'gelu': gelu,
    'relu': lambda lines, n: max(0.0, n['x']),
    'swiglu': swiglu,
}
PRODUCTS = {'project', 'turned', 'linear', 'logits', 'mix', 'dots'}  # sums of row × column
