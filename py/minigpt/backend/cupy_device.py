"""The device `cupy`: an NVIDIA card. CuPy's arrays follow NumPy's protocols, so the code of nn/ is
nearly all there is.

CuPy never mixes its arrays with NumPy's by itself, and neither do we: what goes up and comes down
is written out.
"""

import sys
from collections.abc import Generator

import numpy as np

from minigpt.backend.absent import Absent


def find():
    """The card as a Device, or why there is none."""
    if sys.platform == 'emscripten':
        return Absent('browser_not_cupy')
    try:
        import cupy
    except ImportError as error:
        return Absent('no_cupy', reason=error)
    try:
        count = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        return Absent('no_cuda', reason=error)
    return CupyDevice(cupy) if count else Absent('no_cuda', reason='0')


class CupyDevice:
    """One NVIDIA card."""
    name = 'cupy'
    slow = None

    def __init__(self, cupy):
        self._cupy = cupy
        self.failures = (cupy.cuda.memory.OutOfMemoryError, cupy.cuda.runtime.CUDARuntimeError)
        self.array_class = cupy.ndarray
        self.kernels = {'embedding_backward': self._embedding_backward}

    def put(self, array: np.ndarray):
        """A copy on the card."""
        return self._cupy.array(array)

    def fetch(self, arrays: list) -> Generator:
        """Returns copies in NumPy; waits for the card in place, so it yields nothing."""
        yield from ()
        return [self._cupy.asnumpy(array) for array in arrays]

    def _embedding_backward(self, dout, cache):
        """A card adds up rows of one id at once, in any order, where NumPy's way sorts them."""
        import cupyx
        ids, (N, C) = cache
        dtable = self._cupy.zeros((N, C), dout.dtype)
        cupyx.scatter_add(dtable, ids.reshape(-1), dout.reshape(-1, C))
        return dtable
