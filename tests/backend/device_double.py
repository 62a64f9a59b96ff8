"""A stand-in for a graphics card's arrays, as strict as CuPy's: it follows NumPy's protocols, but
never becomes a NumPy array by itself, and never takes one as an operand.

It computes with NumPy, so its results must equal NumPy's bit for bit.
"""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

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
