"""The device `webgpu`: the graphics card, in a browser.

    kernel called ──▶ command written down ──▶ … ──▶ fetch: all handed over at once, one wait
                      (16 numbers or so)             (site/assets/gpu.mjs, wgsl/)

Arrays never leave the card in between. A buffer whose array is gone is given to the next one: the
card carries out commands in order, so a later command may overwrite what an earlier one has read.
"""

import functools
import math
import struct
from array import array
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

import js
import numpy as np
from pyodide.ffi import JsException, to_js

from minigpt.backend import gpu_layout
from minigpt.backend.absent import Absent, DeviceError, TooLarge
from minigpt.backend.gpu_array import GpuArray
from minigpt.backend.matmul_ladder import RUNGS
from minigpt.backend.waiting import Wait
from minigpt.backend.webgpu_kernels import kernels

SLOT = 256              # bytes of parameters for one command, as in gpu.mjs
MOST_COMMANDS = 1000    # written down before they are handed over without waiting
WGSL = Path(__file__).parent / 'wgsl'


class Program(NamedTuple):
    """One entry point of a WGSL file."""
    file: str
    entry: str
    access: str      # of its buffers, in order: r read, w written
    parameters: str  # struct format


PROGRAMS = {
    **{f'matmul_{rung}': Program(f'matmul_{rung}', 'matmul', 'rrw', '29i') for rung in RUNGS},
    'softmax_forward': Program('softmax', 'forward', 'rw', '2i'),
    'softmax_backward': Program('softmax', 'backward', 'rwr', '2i'),
    'layernorm_forward': Program('layernorm', 'forward', 'rrrwww', '4if'),
    'layernorm_backward': Program('layernorm', 'backward', 'rrrwww', '4if'),
    'rmsnorm_forward': Program('rmsnorm', 'forward', 'rrwww', '3if'),
    'rmsnorm_backward': Program('rmsnorm', 'backward', 'rrwww', '3if'),
    'gelu_forward': Program('gelu', 'forward', 'rw', 'i'),
    'gelu_backward': Program('gelu', 'backward', 'rwr', 'i'),
    'relu_forward': Program('relu', 'forward', 'rw', 'i'),
    'relu_backward': Program('relu', 'backward', 'rwr', 'i'),
    'swiglu_forward': Program('swiglu', 'forward', 'rw', '2i'),
    'swiglu_backward': Program('swiglu', 'backward', 'rwr', '2i'),
    'turned': Program('rope', 'turned', 'rwrr', '3i'),
    'hide_future': Program('hide_future', 'hide_future', 'w', '3if'),
    'cross_entropy_forward': Program('cross_entropy', 'forward', 'rrw', '3if'),
    'cross_entropy_backward': Program('cross_entropy', 'backward', 'rrw', '3if'),
    'embedding_forward': Program('embedding', 'forward', 'rrw', '3i'),
    'embedding_backward': Program('embedding', 'backward', 'rrwrr', '3i'),
    'sum_rows': Program('sums', 'sum_rows', 'rw', '2i'),
    'sum_products': Program('sums', 'sum_products', 'rwr', '2i'),
    'squares': Program('reductions', 'squares', 'rw', 'if'),
    'total': Program('reductions', 'total', 'rw', 'if'),
    'root': Program('reductions', 'root', 'rw', 'if'),
    'shorten': Program('reductions', 'shorten', 'rw', 'if'),
    'adamw': Program('adamw', 'adamw', 'wrwwr', 'i6f'),
}


def find():
    """The card as a Device, or why there is none. gpu.mjs has asked the browser before Python ran."""
    gpu = getattr(js, 'minigptGpu', None)
    if gpu is None:
        return Absent('not_asked')
    return Absent(gpu.absent, reason=gpu.reason) if gpu.absent else Webgpu(gpu)


class Buffer:
    """Memory of the card; when nobody holds it any more the next array may have it."""
    __slots__ = ('number', 'bytes', '_free')

    def __init__(self, number: int, size: int, free):
        self.number, self.bytes, self._free = number, size, free

    def __del__(self):
        self._free(self.number, self.bytes)


class Webgpu:
    """The card, and the commands that are written down for it."""
    name = 'webgpu'
    array_class = GpuArray
    failures = (JsException,)
    OPERATIONS = {'add': 'x + y', 'subtract': 'x - y', 'multiply': 'x * y', 'divide': 'x / y',
                  'sqrt': 'sqrt(x)', 'negative': '-x', 'copy': 'x'}

    def __init__(self, gpu):
        self._gpu = gpu
        self.offers = gpu.offers  # whether the card has this feature
        self.rung = None          # of the ladder that all products take; None: the fitting one
        self.slow = (Absent('software_adapter', architecture=gpu.architecture)
                     if gpu.software else None)
        self._commands, self._parameters, self._count = array('i'), bytearray(), 0
        self._submits = 0
        self._pool = defaultdict(list)  # size → [(number, submits when it became free)]
        self.kernels = kernels(self)
        self._nothing = self._buffer(SLOT)

    def put(self, host: np.ndarray) -> GpuArray:
        """A copy on the card, as float32 or int32."""
        kind = np.int32 if np.issubdtype(host.dtype, np.integer) else np.float32
        data = np.ascontiguousarray(host, kind)
        buffer = self._buffer(data.nbytes, clean=True)
        if data.size:
            self._gpu.write(buffer.number, to_js(memoryview(data.reshape(-1)).cast('B')))
        return GpuArray(self, buffer, gpu_layout.straight(host.shape), np.dtype(kind),
                        data if kind is np.int32 else None)

    def empty(self, shape, dtype=np.float32) -> GpuArray:
        """Room for so many numbers, whatever they are."""
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        return GpuArray(self, self._buffer(4 * math.prod(shape)), gpu_layout.straight(shape),
                        np.dtype(dtype))

    def fetch(self, arrays: list) -> Generator:
        """A core that returns copies in NumPy; one wait for all. DeviceError if the card failed."""
        arrays = [value.straight() for value in arrays]
        stretches = [number for value in arrays
                     for number in (value.buffer.number, 4 * value.layout.offset, 4 * value.size)]
        self.submit()
        try:
            found = yield Wait(self._gpu.read(to_js(array('i', stretches))))
        except JsException as error:
            raise DeviceError(Absent('device_lost', reason=error.message)) from error
        data, place, result = found.to_bytes(), 0, []
        for value in arrays:
            result.append(np.frombuffer(data, value.dtype, value.size, place).reshape(value.shape))
            place += 4 * value.size
        return result

    def run(self, name: str, arrays: list, values: tuple, groups: tuple[int, int, int]) -> None:
        """Write down a command: this program with these arrays' buffers and parameters."""
        if 0 in groups:
            return
        number, form = self._program(name)
        self._commands.extend((number, *groups, len(arrays)))
        self._commands.extend([(self if value is None else value).buffer.number for value in arrays])
        at = self._count * SLOT
        self._parameters.extend(bytes(SLOT))
        struct.pack_into(form, self._parameters, at, *values)
        self._count += 1
        if self._count >= MOST_COMMANDS:
            self.submit()

    @property
    def buffer(self) -> Buffer:
        """A stand-in for an array that a program is not given."""
        return self._nothing

    def submit(self) -> None:
        """Hand over what is written down, without waiting for it."""
        if self._count:
            self._gpu.run(to_js(self._commands), to_js(self._parameters))
            self._commands, self._parameters, self._count = array('i'), bytearray(), 0
        self._submits += 1

    def elementwise(self, operation: str, out: GpuArray, x, y=0.0) -> None:
        """out = operation of x and y, arrays of any strides that fit out's shape, or numbers."""
        operands, kinds, numbers = [], [], []
        for value, may_stand_in_out in ((x, True), (y, False)):
            kind = 0 if isinstance(value, GpuArray) else 1
            if kind == 0 and value.buffer is out.buffer:
                kind = 2 if may_stand_in_out and value.layout == out.layout else 0
                value = None if kind else value.copy()
            operands.append(value if kind == 0 else None)
            kinds.append(kind)
            numbers.append(value if kind == 1 else 0.0)
        layouts = [gpu_layout.broadcast(value.layout, out.shape) for value in operands if value is not None]
        shape, strides = gpu_layout.collapsed(out.shape, out.layout.strides,
                                              *(layout.strides for layout in layouts))
        if len(shape) > 4:
            raise NotImplementedError(f'elementwise: {out.shape} has more than four axes to walk')
        fill = (1,) * (4 - len(shape))
        mine, *others = [(0,) * len(fill) + tuple(steps) for steps in strides]
        given = iter(zip(others, layouts))
        theirs = [next(given) if value is not None else ((0,) * 4, None) for value in operands]
        self.run(operation, [out, *operands], (
            *fill, *shape, *mine, *theirs[0][0], *theirs[1][0], out.layout.offset,
            *(layout.offset if layout else 0 for _, layout in theirs), out.size, *numbers, *kinds),
            gpu_layout.grid(out.size))

    def sum_rows(self, rows: GpuArray, products: GpuArray | None = None) -> GpuArray:
        """Sums down the columns, (R, N) -> (N,); with `products` of the two element by element."""
        rows = rows.straight()
        R, N = rows.shape
        out = self.empty(N)
        if products is None:
            self.run('sum_rows', [rows, out], (R, N), (math.ceil(N / 16), 1, 1))
        else:
            self.run('sum_products', [rows, out, products], (R, N), (math.ceil(N / 16), 1, 1))
        return out

    @functools.cache
    def _program(self, name: str) -> tuple[int, str]:
        if name in self.OPERATIONS:
            program = Program('elementwise', 'elementwise', 'wrr', '20i2f2i')
        else:
            program = PROGRAMS[name]
        code = (WGSL / f'{program.file}.wgsl').read_text(encoding='utf-8')
        code = code.replace('= OPERATION;', f'= {self.OPERATIONS.get(name)};')
        return self._gpu.addKernel(code, program.entry, program.access), program.parameters

    def _buffer(self, size: int, clean: bool = False) -> Buffer:
        """A buffer for so many bytes; a `clean` one stands in no command that still waits."""
        if size > self._gpu.limit:
            raise TooLarge(self._gpu.limit, size)
        size = rounded(size)
        pool = self._pool[size]
        if pool and (not clean or pool[0][1] < self._submits):
            return Buffer(pool.pop(0 if clean else -1)[0], size, self._free)
        return Buffer(self._gpu.addBuffer(size), size, self._free)

    def _free(self, number: int, size: int) -> None:
        self._pool[size].append((number, self._submits))


def rounded(size: int) -> int:
    """The next power of two, or of large ones the next 64 KiB: so that buffers fit again."""
    if size > 2 ** 16:
        return math.ceil(size / 2 ** 16) * 2 ** 16
    return max(SLOT, 2 ** math.ceil(math.log2(max(1, size))))
