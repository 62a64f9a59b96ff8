"""A record of everything a forward pass computes, by name."""

import time


class Trace(dict):
    """Name → array, in the order of computation: 'h.0.attn.q' → (B, H, T, D).

    Hand one to `model.forward(ids, trace=Trace())`; without one nothing is recorded.
    """


class TimedTrace(Trace):
    """Notes for each array also the `seconds` since the one before it, its copying included."""

    def __init__(self):
        super().__init__()
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def __setitem__(self, name: str, value) -> None:
        super().__setitem__(name, value)
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now
