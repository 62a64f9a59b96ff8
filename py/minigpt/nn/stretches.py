"""A long text read by several threads at once, each its own stretch of positions.

From the ids to the logits a position needs other positions in one place only: attention looks at
the keys and values of earlier ones. So each thread takes its stretch through all the layers; it
leaves its keys and values for the later stretches and waits for those of the earlier ones.

    ids[:, :a]   layer 0 ─────▶ layer 1 ─────▶ … ─▶ logits[:, :a]
                      ╲ k, v         ╲ k, v
    ids[:, a:]   layer 0 ─────▶ layer 1 ─────▶ … ─▶ logits[:, a:]
"""

import threading
from collections.abc import Callable

import numpy as np

from minigpt.backend import threads
from minigpt.nn.config import GPTConfig

Array = np.ndarray
SMALLEST = 16384  # numbers of the residual stream, B·T·C: for fewer a thread does not pay


def in_stretches(read: Callable, ids: Array, config: GPTConfig, dtype) -> Array:
    """Logits of the ids, by as many threads as there are and pay.   (B, T) int -> (B, T, V)

    `read(ids, kv_cache)` gives the logits of ids that continue those of a cache, or of none.
    """
    B, T = ids.shape
    n = min(T, B * T * config.n_embd // SMALLEST)
    if n <= 1 or (n := min(n, threads.workers())) == 1:
        return read(ids, None)
    ends = equal_work(T, n, config.n_embd)
    shared = SharedKeys(config, B, T, n, dtype)

    def work(i: int) -> Array:
        start = ends[i - 1] if i else 0
        try:
            return read(ids[:, start:ends[i]], Stretch(shared, i, start))
        finally:
            shared.let_go(i)

    return np.concatenate(threads.run_all(work, list(range(n))), axis=1)


def equal_work(T: int, n: int, C: int) -> list[int]:
    """Where n stretches of T positions end that take equally long.

    Later positions look at more keys. Looking at 6·C of them costs as much as all the rest that
    is done for a position (measured).
    """
    work = np.cumsum(1 + np.arange(T) / (6 * C))
    return [*np.searchsorted(work, work[-1] * np.arange(1, n) / n).tolist(), T]


class SharedKeys:
    """Room for the keys and values of all n stretches, and who has written theirs."""

    def __init__(self, config: GPTConfig, B: int, T: int, n: int, dtype):
        shape = (config.n_layer, B, config.kv_heads, T, config.head_width)
        self.keys, self.values = np.zeros(shape, dtype), np.zeros(shape, dtype)
        self.written = [[threading.Event() for _ in range(n)] for _ in range(config.n_layer)]

    def let_go(self, i: int) -> None:
        """After an error nobody must wait for stretch i; what the others compute is dropped."""
        for layer in self.written:
            layer[i].set()


class Stretch:
    """The shared keys and values as stretch i sees them: to its forward pass a KV cache."""

    def __init__(self, shared: SharedKeys, i: int, start: int):
        self.shared, self.i, self.length = shared, i, start

    def extend(self, layer: int, k: Array, v: Array) -> tuple[Array, Array]:
        """Leave k, v (B, K, T, D) of this stretch; return them after the earlier, (B, K, S, D)."""
        keys, values = self.shared.keys[layer], self.shared.values[layer]
        start, end = self.length, self.length + k.shape[2]
        keys[:, :, start:end], values[:, :, start:end] = k, v
        self.shared.written[layer][self.i].set()
        for earlier in self.shared.written[layer][:self.i]:
            earlier.wait()
        return keys[:, :, :end], values[:, :, :end]
