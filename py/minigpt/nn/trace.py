"""A record of everything a forward pass computes, by name."""

import numpy as np


class Trace(dict):
    """Name → array, in the order of computation: 'h.0.attn.q' → (B, H, T, D).

    Hand one to `model.forward(ids, trace=Trace())`; without one nothing is recorded.
    """


def record(trace: Trace | None, name: str, value: np.ndarray) -> None:
    """Keep a copy under the name, since later steps may reuse the memory."""
    if trace is not None:
        trace[name] = value.copy()
