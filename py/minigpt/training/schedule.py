"""The learning rate over time: a linear warm-up, then half a cosine down."""

import math


def warmup_cosine(step: int, *, peak: float, warmup: int, total: int, floor: float) -> float:
    """Learning rate for `step` (0 is the first) of `total`; ends near `floor`."""
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = (step - warmup) / max(1, total - warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * min(1, progress))) / 2
