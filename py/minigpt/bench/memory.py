"""How much memory a piece of work needs, as Python and NumPy allocate it: measured."""

import ctypes
import gc
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Memory:
    """`peak`: bytes at the worst moment over what was there before. `kept`: bytes that the result
    holds, in `blocks` pieces. What is allocated and freed on the way is `overhead`.

    `fragmentation`: of the heap after the run, the share that is free but lies between what is in
    use, so that it cannot go back to the system; None where the system does not tell.
    """
    peak: int
    kept: int
    blocks: int
    fragmentation: float | None = None

    @property
    def overhead(self) -> int:
        return self.peak - self.kept


def peak_bytes(work: Callable[[], object]) -> int:
    """Bytes allocated at the worst moment of `work()`, over what was there before it."""
    return memory_of(work).peak


def memory_of(work: Callable[[], object]) -> Memory:
    """Run `work()` once, watched by tracemalloc, and look at what its result holds."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        result = work()
        kept, peak = tracemalloc.get_traced_memory()
        fragmentation = heap_fragmentation()
        blocks = len(tracemalloc.take_snapshot().traces) if result is not None else 0
    finally:
        tracemalloc.stop()
    return Memory(peak - before, kept - before if result is not None else 0, blocks, fragmentation)


class MallInfo(ctypes.Structure):
    """glibc's `struct mallinfo2`, see malloc.h."""
    _fields_ = [(name, ctypes.c_size_t) for name in (
        'arena', 'ordblks', 'smblks', 'hblks', 'hblkhd', 'usmblks', 'fsmblks', 'uordblks',
        'fordblks', 'keepcost')]


def heap_fragmentation() -> float | None:
    """Free bytes inside glibc's heap, less those at its end, over all of its bytes; 0 to 1."""
    if sys.platform != 'linux':
        return None
    try:
        mallinfo = ctypes.CDLL(None).mallinfo2
    except (AttributeError, OSError):  # another C library, or one before 2.33
        return None
    mallinfo.restype = MallInfo
    heap = mallinfo()
    return max(0, heap.fordblks - heap.keepcost) / heap.arena if heap.arena else 0.0
