"""Keys and values of the tokens already read, so that each new token costs one token's work."""

from collections.abc import Sequence

import numpy as np

from minigpt.nn.config import GPTConfig

FIRST_ROOM = 256  # tokens


class KVCache:
    """Room for the keys and values of every layer, for B texts of up to block_size tokens.

    `length` counts the tokens stored; `model.forward(ids, kv_cache=cache)` advances it. Of a long
    context only what is read takes room: where it is too small, it doubles.
    """

    def __init__(self, config: GPTConfig, batch: int = 1, *, like: np.ndarray):
        """`like` is an array of the model: the room is of its dtype, and where it is."""
        self.block_size = config.block_size
        shape = (config.n_layer, batch, config.kv_heads, min(FIRST_ROOM, self.block_size),
                 config.head_width)
        self.keys = np.zeros_like(like, shape=shape)
        self.values = np.zeros_like(like, shape=shape)
        self.length = 0

    def extend(self, layer: int, k: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Store a step's new k, v (B, K, T, D) of one layer; return all so far, (B, K, S, D).

        K key heads: n_head, or fewer with grouped queries.
        """
        end = self.length + k.shape[2]
        if end > self.keys.shape[3]:
            self._grow(end)
        self.keys[layer, :, :, self.length:end] = k
        self.values[layer, :, :, self.length:end] = v
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def select(self, rows: Sequence[int]) -> None:
        """Go on with these rows of the batch, in this order; a row may go on twice or never."""
        self._copy(rows, self.keys.shape[3])

    def _grow(self, least: int) -> None:
        batch, room = self.keys.shape[1], self.keys.shape[3]
        self._copy(range(batch), min(self.block_size, max(least, 2 * room)))

    def _copy(self, rows: Sequence[int], room: int) -> None:
        self.keys = _selected(self.keys, rows, self.length, room)
        self.values = _selected(self.values, rows, self.length, room)


def _selected(stored: np.ndarray, rows: Sequence[int], length: int, room: int) -> np.ndarray:
    """(L, B, K, S, D) -> (L, len(rows), K, room, D); only the first `length` places are copied."""
    L, _, K, _, D = stored.shape
    selected = np.zeros_like(stored, shape=(L, len(rows), K, room, D))
    for row, source in enumerate(rows):
        selected[:, row, :, :length] = stored[:, source, :, :length]
    return selected
