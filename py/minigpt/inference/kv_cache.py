"""Keys and values of the tokens already read, so that each new token costs one token's work."""

from collections.abc import Sequence

import numpy as np

from minigpt.nn.config import GPTConfig


class KVCache:
    """Room for the keys and values of every layer, for B texts of up to block_size tokens.

    `length` counts the tokens stored; `model.forward(ids, kv_cache=cache)` advances it.
    """

    def __init__(self, config: GPTConfig, batch: int = 1, *, like: np.ndarray):
        """`like` is an array of the model: the room is of its dtype, and where it is."""
        shape = (config.n_layer, batch, config.kv_heads, config.block_size, config.head_width)
        self.keys = np.zeros_like(like, shape=shape)
        self.values = np.zeros_like(like, shape=shape)
        self.length = 0

    def extend(self, layer: int, k: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Store a step's new k, v (B, K, T, D) of one layer; return all so far, (B, K, S, D).

        K key heads: n_head, or fewer with grouped queries.
        """
        end = self.length + k.shape[2]
        self.keys[layer, :, :, self.length:end] = k
        self.values[layer, :, :, self.length:end] = v
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def select(self, rows: Sequence[int]) -> None:
        """Go on with these rows of the batch, in this order; a row may go on twice or never."""
        self.keys = _selected(self.keys, rows, self.length)
        self.values = _selected(self.values, rows, self.length)


def _selected(stored: np.ndarray, rows: Sequence[int], length: int) -> np.ndarray:
    """(L, B, H, S, D) -> (L, len(rows), H, S, D); only the first `length` places are copied."""
    L, _, H, S, D = stored.shape
    selected = np.zeros_like(stored, shape=(L, len(rows), H, S, D))
    for row, source in enumerate(rows):
        selected[:, row, :, :length] = stored[:, source, :, :length]
    return selected
