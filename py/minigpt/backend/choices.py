"""What can compute: each is a function that looks whether it can run here, and says `Absent` if not.

CHOICES compute on NumPy's arrays, best first; they return their kernels by name (those that they
do not have are NumPy's). DEVICES have memory of their own and return a `Device`: see devices.py.
"""

import sys
from collections.abc import Callable

from minigpt.backend.absent import Absent


def simd() -> dict[str, Callable] | Absent:
    """C compiled to WebAssembly, four numbers per instruction (128-bit SIMD)"""
    if sys.platform != 'emscripten':
        return Absent('native_not_wasm')
    from minigpt.backend.side_module import load
    compiled = load()
    if isinstance(compiled, Absent):
        return compiled
    from minigpt.backend.simd import kernels
    return kernels(compiled)


def numpy() -> dict[str, Callable]:
    """NumPy"""
    if sys.platform != 'emscripten':
        return {}
    from minigpt.backend import browser_numpy
    return browser_numpy.KERNELS


def webgpu():
    """WGSL on the graphics card"""
    if sys.platform != 'emscripten':
        return Absent('native_not_webgpu')
    from minigpt.backend.webgpu import find
    return find()


def cupy():
    """CuPy on an NVIDIA card"""
    from minigpt.backend.cupy_device import find
    return find()


CHOICES = {'simd': simd, 'numpy': numpy}
DEVICES = {'webgpu': webgpu, 'cupy': cupy}
