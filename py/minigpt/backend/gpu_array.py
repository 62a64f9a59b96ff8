"""An array on the graphics card, or in a helper thread's memory: a stretch of one of its buffers,
float32 or int32.

Views share the buffer. It follows as much of NumPy's protocols as a model's code needs; what is
computed is written down by the device (webgpu.py, plan.py) and carried out later.
"""

import math

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from minigpt.backend import gpu_layout
from minigpt.backend.gpu_layout import Layout


class GpuArray(NDArrayOperatorsMixin):
    """`layout` is its place in `buffer`; `host` are ids as they were before they were put here."""
    __slots__ = ('device', 'buffer', 'layout', 'dtype', 'host')

    def __init__(self, device, buffer, layout: Layout, dtype, host: np.ndarray | None = None):
        self.device, self.buffer, self.layout = device, buffer, layout
        self.dtype, self.host = dtype, host

    @property
    def shape(self) -> tuple[int, ...]:
        return self.layout.shape

    @property
    def ndim(self) -> int:
        return len(self.layout.shape)

    @property
    def size(self) -> int:
        return math.prod(self.layout.shape)

    @property
    def T(self) -> 'GpuArray':
        return self.transpose(*reversed(range(self.ndim)))

    def __len__(self) -> int:
        return self.layout.shape[0]

    def __array__(self, *args, **settings):
        raise TypeError('an array on the graphics card comes home by fetch() only: it must be waited for')

    def view(self, layout: Layout) -> 'GpuArray':
        """Another array in the same buffer."""
        return type(self)(self.device, self.buffer, layout, self.dtype)

    def transpose(self, *axes: int) -> 'GpuArray':
        return self.view(gpu_layout.transposed(self.layout, axes))

    def swapaxes(self, one: int, other: int) -> 'GpuArray':
        axes = list(range(self.ndim))
        axes[one], axes[other] = axes[other], axes[one]
        return self.transpose(*axes)

    def reshape(self, *shape) -> 'GpuArray':
        """A view where that is possible, else a copy."""
        shape = shape[0] if isinstance(shape[0], tuple | list) else shape
        shape = gpu_layout.full_shape(shape, self.size)
        layout = gpu_layout.reshaped(self.layout, shape)
        return self.view(layout) if layout else self.copy().reshape(shape)

    def copy(self) -> 'GpuArray':
        """The same numbers in a buffer of their own, without gaps."""
        out = self.device.empty(self.shape, self.dtype)
        self.device.elementwise('copy', out, self)
        return out

    def straight(self) -> 'GpuArray':
        """The numbers without gaps: itself, or a copy."""
        return self if gpu_layout.is_straight(self.layout) else self.copy()

    def sum(self, axis: int) -> 'GpuArray':
        """Over the first axis."""
        if axis != 0:
            raise NotImplementedError('the sum over another axis than the first')
        rows = self.straight().reshape(self.shape[0], -1)
        return self.device.sum_rows(rows).reshape(self.shape[1:])

    def __getitem__(self, key) -> 'GpuArray':
        return self.view(gpu_layout.indexed(self.layout, key))

    def __setitem__(self, key, value) -> None:
        place = self[key]
        if isinstance(value, GpuArray):
            same = value.buffer is place.buffer
            if not (same and value.layout == place.layout):  # `a[…] += b` assigns a[…] to itself
                self.device.elementwise('copy', place, value.copy() if same else value)
        else:
            self.device.elementwise('copy', place, float(value))

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **settings):
        """Arithmetic with arrays of the card and with numbers: see Webgpu.elementwise."""
        if method != '__call__' or settings or ufunc.__name__ not in self.device.OPERATIONS:
            return NotImplemented
        if any(isinstance(value, np.ndarray) and value.ndim for value in inputs):
            return NotImplemented  # NumPy then says that the two do not mix
        arrays = [value for value in inputs if isinstance(value, GpuArray)]
        found = out[0] if out else self.device.empty(
            np.broadcast_shapes(*(array.shape for array in arrays)), np.float32)
        self.device.elementwise(ufunc.__name__, found, *(
            value if isinstance(value, GpuArray) else float(value) for value in inputs))
        return found

    def __array_function__(self, function, types, args, settings):
        """The few makers of arrays that work 'like' another one."""
        maker = MAKERS.get(function)
        return NotImplemented if maker is None else maker(self.device, *args, **settings)


def put(device, array) -> GpuArray:
    return device.put(np.asarray(array))


def empty_like(device, like, *, shape=None) -> GpuArray:
    return device.empty(like.shape if shape is None else shape, like.dtype)


def zeros_like(device, like, *, shape=None) -> GpuArray:
    return full_like(device, like, 0, shape=shape)


def full_like(device, like, value, *, shape=None) -> GpuArray:
    out = empty_like(device, like, shape=shape)
    device.elementwise('copy', out, float(value))
    return out


MAKERS = {np.asarray: put, np.empty_like: empty_like, np.zeros_like: zeros_like,
          np.full_like: full_like}
