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

from minigpt.backend.absent import Absent
from minigpt.backend.choices import CHOICES, DEVICES
from minigpt.errors import ConfigError

VARIABLE = 'MINIGPT_BACKEND'

reference: dict[str, Callable] = {}   # kernel name → the NumPy function
_in_use: dict[str, Callable] = {}     # kernel name → what a call runs
_of_type: dict[type, object] = {}     # a device's array class → the device
_given_up: dict[str, Absent] = {}     # devices that failed
_told: list[Callable] = []            # called when one fails
_current: str | None = None           # None until the first computation
_on_cpu: str | None = None            # what computes on NumPy's arrays
_asked: str | None = None             # what `use` was asked for


@dataclass(frozen=True)
class Description:
    """Which backend runs, and for each other one why not, in words."""
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
        device = _of_type.get(type(args[0]))
        if device is not None:
            return device.kernels.get(name, function)(*args, **settings)
        return _in_use[name](*args, **settings)

    return call


def use(name: str = 'auto', called: str = 'backend') -> str:
    """Compute with this backend from now on; 'auto' takes the best one there is. Returns its name.

    ConfigError for a name that is not known or a backend that cannot run here, saying what is
    missing; 'auto' never fails. `called` is what the choice is called where it was made. Beside a
    device the best of the others computes what stays in NumPy; under 'auto' a device gets the work
    that it does faster, see devices.py.
    """
    global _current, _on_cpu, _asked
    if name not in ('auto', *CHOICES, *DEVICES):
        raise ConfigError('unknown_choice', name=called, got=name,
                          choices=', '.join(['auto', *CHOICES, *DEVICES]))
    if name != 'auto' and isinstance(found(name), Absent):
        raise ConfigError('backend_absent', name=name, reason=found(name))
    best = next(choice for choice in CHOICES if not isinstance(found(choice), Absent))
    _asked, _current = name, best if name == 'auto' else name
    _on_cpu = best if name in DEVICES else _current
    _in_use.update(reference | found(_on_cpu))
    return _current


def current() -> str:
    """The name of the backend in use."""
    return _current or use(os.environ.get(VARIABLE) or 'auto', VARIABLE)


def asked() -> str:
    """The name that was asked for: 'auto', or that of the backend in use."""
    current()
    return _asked


def on_cpu() -> str:
    """The name of what computes on NumPy's arrays, beside a device or alone."""
    current()
    return _on_cpu


def names() -> list[str]:
    """Every backend there is a name for, those that cannot run here too."""
    return [*CHOICES, *DEVICES]


def describe(lang: str = 'en') -> Description:
    """Which backend runs, and why the others do not."""
    every = CHOICES | DEVICES
    reasons = {name: why_not(name) for name in every}
    if asked() == 'auto':
        reasons |= {name: Absent('when_faster') for name in DEVICES if not reasons[name]}
    return Description(current(), every[current()].__doc__.splitlines()[0],
                       {name: reason.in_language(lang) for name, reason in reasons.items()
                        if reason and name != current()})


def why_not(name: str) -> Absent | None:
    """Why this backend is not used, if it cannot run or 'auto' must not take it."""
    backend = found(name)
    return backend if isinstance(backend, Absent) else getattr(backend, 'slow', None)


def found(name: str):
    """What CHOICES or DEVICES gave, looked for once; Absent for a device that has failed."""
    return _given_up.get(name) or _looked_for(name)


def give_up(name: str, reason: Absent) -> None:
    """The device failed: use it no more, and tell those who ask why, or who watch."""
    _given_up[name] = reason
    if _current == name:
        use('auto')
    for tell in _told:
        tell()


def watch(tell: Callable[[], None]) -> None:
    """Call this whenever a device has failed, which happens in the middle of other work."""
    _told.append(tell)


def add_device(device) -> None:
    """From now on this device has the kernels for the arrays of its class."""
    _of_type[device.array_class] = device


def look_again() -> None:
    """Forget which backends run here, and choose anew at the next computation: the process was
    begun on another machine.
    """
    global _current, _on_cpu, _asked
    _current = _on_cpu = _asked = None
    _given_up.clear()
    _looked_for.cache_clear()
    _in_use.update({name: functools.partial(_choose_then_call, name) for name in reference})


def device_of(value):
    """The device that an array lies on, or None."""
    return _of_type.get(type(value))


@functools.cache
def _looked_for(name: str):
    backend = (CHOICES | DEVICES)[name]()
    if name in DEVICES and not isinstance(backend, Absent):
        add_device(backend)
    return backend


def _choose_then_call(name: str, *args, **settings):
    current()
    return _in_use[name](*args, **settings)
