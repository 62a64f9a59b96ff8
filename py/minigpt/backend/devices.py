"""Devices: processors beside the CPU, with memory and arrays of their own.

    webgpu   the graphics card, in a browser (wgsl/)
    cupy     an NVIDIA card, natively

A model stays in NumPy; long work (training, generating) copies it to a device, and its results
home. Asked for by name, a device is used; under 'auto' only where it is measured to be faster: a
small model's numbers are there before a card has answered at all.
"""

import functools
import time
from collections.abc import Generator
from typing import Protocol

import numpy as np

from minigpt.backend import dispatch
from minigpt.backend.absent import Absent, DeviceError
from minigpt.backend.choices import DEVICES
from minigpt.backend.clock import readable, seconds_of
from minigpt.backend.matmul import matmul

SIZE = 256           # of the matrices that are multiplied to measure speed
MANY, FEW = 40, 8    # kernels in a row, products in a row


class Device(Protocol):
    """What a device does."""
    name: str
    array_class: type    # its arrays; they follow NumPy's protocols
    kernels: dict        # by name; those that it does not have are nn's, by those protocols
    failures: tuple      # errors that say that it has failed, beside DeviceError
    slow: Absent | None  # why 'auto' must never take it: a card that is only emulated

    def put(self, array: np.ndarray):
        """A copy on the device."""

    def fetch(self, arrays: list) -> Generator:
        """A core (see waiting.py) that returns copies in NumPy. DeviceError if it has failed."""


def device_for(flops: float, kernels: int) -> Generator:
    """A core that returns the device for steps of so many operations in so many kernels.

    None means the CPU. Measuring takes a few milliseconds, once for each device.
    """
    asked = dispatch.asked()
    for name in DEVICES:
        device = dispatch.found(name) if asked in ('auto', name) else None
        if device is None or isinstance(device, Absent):
            continue
        if asked == name:
            return device
        try:
            if not device.slow and (yield from is_faster(device, flops, kernels)):
                return device
        except Exception as error:
            give_up(device, error)
    return None


def give_up(device: Device | None, error: Exception) -> Absent:
    """Returns why the device cannot do the work; if that is lasting, `describe` says so from now on.

    An error that is not the device's is raised again.
    """
    if device is None or not isinstance(error, (DeviceError, *device.failures)):
        raise error
    reason = getattr(error, 'reason', None) or Absent('device_failed', reason=error)
    if getattr(error, 'lasting', True):
        dispatch.give_up(device.name, reason)
    return reason


def fetch(*values) -> Generator:
    """A core that returns the values, a device's arrays among them as NumPy's. DeviceError if the
    device has failed since."""
    device = next((device for value in values if (device := dispatch.device_of(value))), None)
    if device is None:
        return list(values)
    return (yield from device.fetch(values))


def is_faster(device: Device, flops: float, kernels: int) -> Generator:
    """A core that returns whether such a step takes less time on the device than on the CPU."""
    if device.name not in _speeds:
        _speeds[device.name] = yield from measured(device)
    per_kernel, per_flop = _speeds[device.name]
    return kernels * per_kernel + flops * per_flop < flops * cpu_seconds_per_flop()


_speeds: dict[str, tuple[float, float]] = {}


def measured(device: Device) -> Generator:
    """A core that returns (seconds per kernel, the wait for an answer shared among MANY; seconds
    per operation)."""
    a = device.put(np.ones((SIZE, SIZE), np.float32))
    small = a[:1, :1]

    def kernels():
        x = small
        for _ in range(MANY):
            x = x + small
        return x

    def products():
        x = a
        for _ in range(FEW):
            x = matmul(x, a)
        return x[:1, :1]

    per_kernel = (yield from _seconds_there(device, kernels)) / MANY
    seconds = yield from _seconds_there(device, products)
    return per_kernel, max(0, seconds - FEW * per_kernel) / (FEW * 2 * SIZE ** 3)


def _seconds_there(device: Device, work) -> Generator:
    """A core that returns the seconds of such work, its answer waited for: see seconds_of."""
    yield from device.fetch([work()])  # the first time compiles
    runs, enough = 1, readable()
    while True:
        started = time.perf_counter()
        for _ in range(runs):
            yield from device.fetch([work()])
        seconds = time.perf_counter() - started
        if seconds >= enough:
            return seconds / runs
        runs *= 2


@functools.cache
def cpu_seconds_per_flop() -> float:
    """How long an operation of a product takes on the CPU backend in use."""
    a = np.ones((SIZE, SIZE), np.float32)
    matmul(a, a)
    return seconds_of(lambda: matmul(a, a)) / (2 * SIZE ** 3)
