"""A stand-in for a graphics card's arrays, as strict as CuPy's: it follows NumPy's protocols, but
never becomes a NumPy array by itself, and never takes one as an operand.

It computes with NumPy, so its results must equal NumPy's bit for bit. As a device it answers like a
browser's card: by promises, which may be broken.
"""

import asyncio

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from minigpt.backend.absent import Absent, CannotWait, DeviceError
from minigpt.backend.dispatch import reference
from minigpt.backend.waiting import Wait

MAKERS = {np.asarray, np.array}  # the only way in


class DeviceArray(NDArrayOperatorsMixin):
    """A NumPy array that nobody outside may see."""
    __array_priority__ = 100

    def __init__(self, hidden: np.ndarray):
        self.hidden = hidden

    def __array__(self, *args, **settings):
        raise TypeError('implicit conversion of a device array to NumPy')

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **settings):
        if out:
            settings['out'] = tuple(shown(x) for x in out)
        return hidden(getattr(ufunc, method)(*map(shown, inputs), **settings))

    def __array_function__(self, function, types, args, settings):
        if function not in MAKERS:
            args, settings = shown(args), {name: shown(x) for name, x in settings.items()}
        return hidden(function(*args, **settings))

    def __getitem__(self, key):
        return hidden(self.hidden[shown(key)])

    def __setitem__(self, key, value):
        self.hidden[shown(key)] = shown(value)

    def __float__(self):
        return float(self.hidden)

    def __bool__(self):
        return bool(self.hidden)

    def __len__(self):
        return len(self.hidden)

    @property
    def T(self):
        return DeviceArray(self.hidden.T)

    def __getattr__(self, name):
        """shape, dtype, reshape, sum…: NumPy's, their results hidden again."""
        if name.startswith('__'):
            raise AttributeError(name)  # NumPy would find the numbers by __array_interface__
        found = getattr(self.hidden, name)
        if not callable(found):
            return found
        return lambda *args, **settings: hidden(found(*map(shown, args), **settings))


def hidden(value):
    """The value, its arrays as device arrays. NumPy's scalars are arrays of shape () on a device."""
    if isinstance(value, tuple | list):
        return type(value)(map(hidden, value))
    return DeviceArray(np.asarray(value)) if isinstance(value, np.ndarray | np.generic) else value


def shown(value):
    """The value, its device arrays as NumPy's; TypeError for an array that was not on the device."""
    if isinstance(value, tuple | list):
        return type(value)(map(shown, value))
    if isinstance(value, DeviceArray):
        return value.hidden
    if isinstance(value, np.ndarray) and value.ndim:
        raise TypeError('a NumPy array among device arrays')
    return value


class DeviceDouble:
    """A device that is lost at its `fails_at`th answer."""
    name = 'double'
    array_class = DeviceArray
    slow = None
    failures = (MemoryError,)

    def __init__(self, fails_at: int = 10 ** 9, can_wait: bool = True):
        self.answers, self.fails_at, self.can_wait = 0, fails_at, can_wait
        self.kernels = {name: numbers_stay_there(name) for name in ('cross_entropy_forward', 'clip')}

    def put(self, array):
        return hidden(array.copy())

    def fetch(self, arrays):
        self.answers += 1
        answer = ([shown(array).copy() for array in arrays] if self.answers < self.fails_at
                  else DeviceError(Absent('device_lost', reason='double')))
        return (yield Promised(answer, self.can_wait))


def numbers_stay_there(name: str):
    """The kernel, but what is one number on the CPU is an array of shape (), not yet known."""
    def call(*args):
        found = reference[name](*map(shown, args))
        if isinstance(found, tuple):
            return hidden(np.asarray(found[0])), hidden(found[1])
        return hidden(np.asarray(found))
    return call


class Promised(Wait):
    """An answer that is there, or an error."""

    def __init__(self, answer, can_wait: bool):
        super().__init__(asyncio.sleep(0, answer))
        self.answer, self.can_wait = answer, can_wait

    def now(self):
        self._promise.close()
        if not self.can_wait:
            raise CannotWait
        return self.kept()

    def kept(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def __await__(self):
        yield from self._promise.__await__()
        return self.kept()
