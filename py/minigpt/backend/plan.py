"""Plan work for the helper thread: the kernels that it calls, written down instead of called.

    work(put)  ──each kernel: a command──▶  Program: words, and a place for every array

Work is planned by doing it once with arrays that have a place but no numbers, so a model's code is
its own plan. The thread carries it out as often as it is given numbers. What it has no kernel for
cannot be planned.
"""

import functools
import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from minigpt.backend import dispatch, gpu_layout
from minigpt.backend.commands import COMMANDS, NOTHING, CannotPlan, command, matrix, place_of
from minigpt.backend.gpu_array import GpuArray
from minigpt.backend.helper_threads import Program
from minigpt.backend.simd import wrappers

Array = np.ndarray
LINE = 64  # bytes between which arrays begin
MOST = 2 ** 28 - 2 ** 22  # bytes for all of a program's arrays; helper_threads.mjs has 2 ** 28
OPERATIONS = {'copy': 0, 'add': 1, 'multiply': 2, 'negative': 3}  # as in kernels/elementwise.c


class Planned(GpuArray):
    """An array that will have numbers when the program is carried out."""
    __slots__ = ()


def planned(work: Callable, operands: Sequence[Array]) -> Program:
    """The program of work(put), which returns arrays.

    `put(x)` gives the planned array of one of the operands, whose numbers may be others each time;
    what else the work puts there is kept. CannotPlan if there is no such program.
    """
    plan = Plan(operands)
    dispatch.add_device(plan)
    results = [x.straight() for x in work(plan.put)]
    words = np.array([*plan.words, 0], np.int32)
    place = plan.room_for(words.nbytes)
    return Program(words, place, plan.top,
                   tuple((x.dtype, x.buffer.place) for x in plan.given.values()),
                   tuple((host, x.buffer.place) for host, x in plan.constants),
                   tuple((x.shape, place_of(x)) for x in results))


class Buffer:
    """Bytes of the helper thread's memory; when nobody holds them any more the next array may."""
    __slots__ = ('place', 'size', '_free')

    def __init__(self, place: int, size: int, free: list):
        self.place, self.size, self._free = place, size, free

    def __del__(self):
        self._free.append(self.place)


class Plan:
    """Writes commands down. For the model's code it is a device, like a graphics card."""
    name = 'helper thread'
    array_class = Planned
    OPERATIONS = OPERATIONS

    def __init__(self, operands: Sequence[Array]):
        self.words, self.top, self._free = array('i'), 0, defaultdict(list)
        self.constants: list[tuple[Array, Planned]] = []
        self._numbers: dict[float, Planned] = {}
        self.kernels = Kernels(self)
        self.given = {id(x): self._fresh(x.shape, kind_of(x)) for x in operands}

    def put(self, host: Array) -> Planned:
        """One of the operands, or numbers that stay the same."""
        if id(host) in self.given:
            return self.given[id(host)]
        kept = np.array(host, kind_of(host), order='C')
        self.constants.append((kept, self._fresh(kept.shape, kept.dtype)))
        return self.constants[-1][1]

    def empty(self, shape, dtype=np.float32) -> Planned:
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        size = 4 * math.prod(shape)
        free = self._free[size]
        place = free.pop() if free else self.room_for(size)
        return self._array(Buffer(place, size, free), shape, dtype)

    def zeros(self, shape, dtype=np.float32) -> Planned:
        out = self.empty(shape, dtype)
        self.elementwise('copy', out, 0.0)
        return out

    def _fresh(self, shape: tuple, dtype) -> Planned:
        """An array whose place no earlier command has used: it is filled before the first one."""
        size = 4 * math.prod(shape)
        return self._array(Buffer(self.room_for(size), size, self._free[size]), shape, dtype)

    def _array(self, buffer: Buffer, shape: tuple, dtype) -> Planned:
        return Planned(self, buffer, gpu_layout.straight(shape), np.dtype(dtype))

    def room_for(self, size: int) -> int:
        place = self.top
        self.top += math.ceil(size / LINE) * LINE
        if self.top > MOST:
            raise CannotPlan(f'{self.top} bytes')
        return place

    def write(self, name: str, *args) -> None:
        """The command for a kernel that is called with these arguments."""
        self.words.extend(command(name, *COMMANDS[name](*args)))

    def elementwise(self, operation: str, out: Planned, x, y=0.0) -> None:
        """out = operation of x and y, arrays of any strides that fit out's shape, or numbers."""
        if operation == 'negative':
            operation, y = 'multiply', -1.0
        operands = [value if isinstance(value, Planned) else self._number(value)
                    for value in (x, y)]
        layouts = [gpu_layout.broadcast(value.layout, out.shape) for value in operands]
        shape, strides = gpu_layout.collapsed(out.shape, out.layout.strides,
                                              *(layout.strides for layout in layouts))
        if len(shape) > 4:
            raise CannotPlan(out.shape)
        fill = 4 - len(shape)
        steps = [(*(0,) * fill, *its) for its in strides]
        self.write('elementwise', OPERATIONS[operation], (*(1,) * fill, *shape),
                   *zip((out, *operands), steps, strict=True))

    def _number(self, value: float) -> Planned:
        """An array of one number."""
        if value not in self._numbers:
            self._numbers[value] = self.put(np.full(1, value, np.float32))
        return self._numbers[value]

    def sum_rows(self, rows: Planned) -> Planned:
        out = self.empty(rows.shape[1])
        self.write('sum_rows', rows, out)
        return out


def kind_of(x: Array) -> np.dtype:
    return np.dtype(np.int32 if np.issubdtype(x.dtype, np.integer) else np.float32)


class Written:
    """The compiled module as simd.py calls it; each call becomes a command."""

    def __init__(self, plan: Plan):
        self._plan, self.empty, self.zeros = plan, plan.empty, plan.zeros

    def __getattr__(self, name: str):
        if name not in COMMANDS:
            raise CannotPlan(name)
        return functools.partial(self._plan.write, name)

    def matmul(self, a, b, out, adding):
        self.product(a, b, matrix(out) if adding else NOTHING, out)

    def linear(self, x, weight, bias, out):
        self.product(x, weight, (bias, 0, 1), out)

    def layernorm_backward(self, *args):
        self.norm_backward(*args)

    def rmsnorm_backward(self, *args):
        self.norm_backward(*args, None)

    @staticmethod
    def straight(x: Planned) -> Planned:
        return x.straight()

    @staticmethod
    def ids(x: Planned) -> Planned:
        return x


def others(c: Written):
    """Kernels that are NumPy's work where there is NumPy."""
    def embedding_forward(ids, table):
        out = c.empty((*ids.shape, table.shape[1]))
        c.take_rows(table, ids, out)
        return out, (ids, table.shape)

    def turned(x, cos, sin):
        x, out = x.straight(), c.empty(x.shape)
        c.turned(x, cos, sin, out)
        return out

    def cross_entropy_forward(logits, targets):
        """Instead of the loss what it is made of, see nn/loss.py: C has no logarithm."""
        probs, chosen = c.empty(logits.shape), c.empty(targets.shape)
        c.softmax(logits.straight(), probs)
        c.chosen_of(probs, targets, chosen)
        return chosen, (probs, targets)

    return embedding_forward, turned, cross_entropy_forward


class Kernels:
    """The kernels by name; what is missing cannot be planned."""

    def __init__(self, plan: Plan):
        c = Written(plan)
        self._by_name = {function.__name__: function for function in (*wrappers(c), *others(c))}

    def get(self, name: str, reference: Callable) -> Callable:
        if name not in self._by_name:
            raise CannotPlan(name)
        return self._by_name[name]
