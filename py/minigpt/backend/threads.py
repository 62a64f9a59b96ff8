"""Do independent pieces of work at once, one on each core.

NumPy lets go of Python's lock while it computes, so threads are enough. Its BLAS has threads of
its own, for products only; while pieces run beside each other each product gets one thread, or
the two kinds would fight for the cores.
"""

import ctypes
import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np

cores = threading.Lock()  # held while pieces run


def workers() -> int:
    """How many pieces run at once: as many as BLAS would use threads (OPENBLAS_NUM_THREADS).

    1 where BLAS cannot be told to stand back: another BLAS than NumPy's own, or the browser.
    """
    blas = openblas()
    return blas.get_threads() if blas else 1


def run_all(work: Callable, pieces: list) -> list:
    """[work(piece) for piece in pieces], several at once; the results keep their order.

    Pieces start in their order, so one may wait for an earlier one, never for a later one. While
    the cores are taken, by whichever thread, other calls do their pieces one after the other:
    also those that a piece makes itself. After an error the pieces that run come to their end and
    no other begins; then it is raised.
    """
    n = min(workers(), len(pieces))
    if n <= 1 or not cores.acquire(blocking=False):
        return [work(piece) for piece in pieces]
    blas = openblas()
    before = blas.get_threads()
    blas.set_threads(1)
    started = [pool(n).submit(work, piece) for piece in pieces]
    try:
        return [piece.result() for piece in started]
    finally:
        # One that still runs would share the cores, and the model, with whatever comes next.
        wait([piece for piece in started if not piece.cancel()])
        blas.set_threads(before)
        cores.release()


@functools.cache
def pool(n: int) -> ThreadPoolExecutor:
    """n threads, kept for the next call."""
    return ThreadPoolExecutor(n, thread_name_prefix='minigpt')


class OpenBLAS:
    """The two functions of NumPy's own OpenBLAS that its threads are counted with."""

    def __init__(self, path: Path):
        library = ctypes.CDLL(str(path))
        self.get_threads = library.scipy_openblas_get_num_threads64_
        self.set_threads = library.scipy_openblas_set_num_threads64_


@functools.cache
def openblas() -> OpenBLAS | None:
    """NumPy's OpenBLAS, as its wheels carry it, or None."""
    package = Path(np.__file__).parent
    for folder in (package.with_name('numpy.libs'), package / '.dylibs'):
        for path in folder.glob('*openblas*'):
            try:
                return OpenBLAS(path)
            except (OSError, AttributeError):
                continue
    return None
