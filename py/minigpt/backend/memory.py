"""Keep freed memory for the next array instead of giving it back to the system.

A training step makes and frees some 100 MB of arrays. glibc returns blocks that large to the
kernel, which then hands out fresh zeroed pages for the next step: 26,000 page faults, half of the
step's time. Two settings of its allocator end that.
"""

import ctypes
import functools
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # from glibc's malloc.h
NEVER = 2 ** 31 - 1


@functools.cache
def keep_freed_memory() -> bool:
    """Tell glibc to keep freed memory in this process; True if that was possible.

    The process then holds its peak memory until it ends. Elsewhere (macOS, Windows, musl, the
    browser) nothing is changed.
    """
    if sys.platform != 'linux':
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, NEVER // 2) and mallopt(M_TRIM_THRESHOLD, NEVER))
