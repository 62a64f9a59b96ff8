"""Load the compiled kernels: the build for relaxed SIMD where the browser knows it, or the other.

`import` would find out as well, but it complains on the console; WebAssembly.validate is silent.
"""

import importlib
import sys

from minigpt.backend.absent import Absent

# The smallest modules that use one instruction of each kind: (func (result v128) …).
HEAD = bytes.fromhex('0061736d 01000000 01050160 00017b 03020100')
SIMD_PROBE = HEAD + bytes.fromhex('0a0a010800 4100fd0f fd620b')           # i8x16.popcnt
RELAXED_PROBE = HEAD + bytes.fromhex('0a13011100 4100fd0f 4100fd0f 4100fd0f fd85020b')  # madd

FOLDER = 'minigpt.backend.kernels'


def build() -> str:
    """Which build is loaded: 'relaxed' or 'simd', '' for none."""
    return next((name for name in ('relaxed', 'simd') if f'{FOLDER}._{name}' in sys.modules), '')


def load():
    """The compiled module, or why there is none."""
    # Part of Pyodide, not of NumPy's world: imported only here, only in a browser.
    from js import Uint8Array, WebAssembly

    def runs(probe: bytes) -> bool:
        array = Uint8Array.new(len(probe))
        array.assign(probe)
        return WebAssembly.validate(array)

    if not runs(SIMD_PROBE):
        return Absent('no_wasm_simd')
    name = '_relaxed' if runs(RELAXED_PROBE) else '_simd'
    try:
        return importlib.import_module(f'{FOLDER}.{name}')
    except ModuleNotFoundError:
        return Absent('built_without_kernels')
    except Exception as error:  # a damaged file; which error depends on what is wrong in it
        return Absent('kernels_refused', reason=str(error).strip().splitlines()[0])
