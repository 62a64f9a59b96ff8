"""The backends, best first: each is a function that looks whether it can run here.

It returns its kernels by name (those that it does not have are NumPy's), or `Absent`.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Absent:
    """This backend cannot run here, and why."""
    reason: str


def simd() -> dict[str, Callable] | Absent:
    """C compiled to WebAssembly, four numbers per instruction (128-bit SIMD)"""
    if sys.platform != 'emscripten':
        return Absent('it is WebAssembly, which runs in a browser; this is a native Python')
    from minigpt.backend.side_module import load
    compiled = load()
    if isinstance(compiled, str):
        return Absent(compiled)
    from minigpt.backend.simd import kernels
    return kernels(compiled)


def numpy() -> dict[str, Callable]:
    """NumPy"""
    if sys.platform != 'emscripten':
        return {}
    from minigpt.backend import browser_numpy
    return browser_numpy.KERNELS


CHOICES = {'simd': simd, 'numpy': numpy}
