"""How much memory a piece of work needs, as Python and NumPy allocate it: measured."""

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Memory:
    """`peak`: bytes at the worst moment over what was there before. `kept`: bytes that the result
    holds, in `blocks` pieces. What is allocated and freed on the way is `overhead`."""
    peak: int
    kept: int
    blocks: int

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
        blocks = len(tracemalloc.take_snapshot().traces) if result is not None else 0
    finally:
        tracemalloc.stop()
    return Memory(peak - before, kept - before if result is not None else 0, blocks)
