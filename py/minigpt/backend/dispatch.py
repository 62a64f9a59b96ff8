"""One name, several ways to compute it.

A function marked `@kernel` is written in NumPy, to be read and to be right. A backend may bring a
faster function of the same name, arguments and results; a call goes to the backend in use.

    @kernel
    def softmax_forward(x): …           # NumPy: the reference, and what runs natively

    SIMD = {'softmax_forward': …}       # what the backend `simd` puts in its place

A cache belongs to the backend whose forward made it, so backends change between steps only.

The backend in use computes on NumPy's arrays. A device's arrays (see devices.py) bring kernels of
their own, and for the others follow NumPy's protocols (`__array_ufunc__`, `__array_function__`):
the reference then computes there.
"""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass

from minigpt.backend.choices import CHOICES, Absent
from minigpt.errors import ConfigError

VARIABLE = 'MINIGPT_BACKEND'

reference: dict[str, Callable] = {}   # kernel name → the NumPy function
_in_use: dict[str, Callable] = {}     # kernel name → what a call runs
_of_type: dict[type, dict[str, Callable]] = {}  # a device's array class → its kernels
_current: str | None = None           # None until the first computation


@dataclass(frozen=True)
class Description:
    """Which backend runs, and for each other one why not."""
    name: str
    detail: str
    absent: dict[str, str]


def kernel(function: Callable) -> Callable:
    """Let backends bring their own version of this function."""
    name = function.__name__
    reference[name] = function
    _in_use[name] = function if _current else functools.partial(_choose_then_call, name)

    @functools.wraps(function)
    def call(*args, **settings):
        theirs = _of_type.get(type(args[0]))
        if theirs is not None:
            return theirs.get(name, function)(*args, **settings)
        return _in_use[name](*args, **settings)

    return call


def register(array_class: type, kernels: dict[str, Callable]) -> None:
    """Compute with these kernels whenever the first argument is such an array."""
    _of_type[array_class] = kernels


def use(name: str = 'auto') -> str:
    """Compute with this backend from now on; 'auto' takes the best one there is. Returns its name.

    ConfigError for a name that is not known or a backend that cannot run here, saying what is
    missing; 'auto' never fails.
    """
    global _current
    if name == 'auto':
        name = next(choice for choice in CHOICES if not isinstance(_found(choice), Absent))
    if name not in CHOICES:
        raise ConfigError('unknown_choice', name='backend', got=name,
                          choices=', '.join(['auto', *CHOICES]))
    kernels = _found(name)
    if isinstance(kernels, Absent):
        raise ConfigError('backend_absent', name=name, reason=kernels.reason)
    _in_use.update(reference | kernels)
    _current = name
    return name


def current() -> str:
    """The name of the backend in use."""
    return _current or use(os.environ.get(VARIABLE) or 'auto')


def describe() -> Description:
    """Which backend runs, and why the others do not."""
    found = {name: _found(name) for name in CHOICES}
    return Description(current(), CHOICES[current()].__doc__.splitlines()[0],
                       {name: kernels.reason for name, kernels in found.items()
                        if isinstance(kernels, Absent)})


@functools.cache
def _found(name: str) -> dict[str, Callable] | Absent:
    return CHOICES[name]()


def _choose_then_call(name: str, *args, **settings):
    current()
    return _in_use[name](*args, **settings)
