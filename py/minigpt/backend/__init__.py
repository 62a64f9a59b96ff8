"""Who computes: the only room that asks which runtime it is in.

    numpy    everywhere; the NumPy code that stands in nn/ is itself this backend
    simd     the browser; C compiled to WebAssembly, four numbers per instruction (kernels/)
    webgpu   the browser; the graphics card, for training and generation (wgsl/)
    cupy     natively; an NVIDIA card, for training and generation

The best one that is there is chosen at the first computation. `MINIGPT_BACKEND=numpy` or
`backend.use('numpy')` chooses by name.
"""

from minigpt.backend.dispatch import (
    asked, current, describe, kernel, look_again, names, use, watch)
from minigpt.backend.matmul import matmul

__all__ = ['asked', 'current', 'describe', 'kernel', 'look_again', 'matmul', 'names', 'use',
           'watch']
