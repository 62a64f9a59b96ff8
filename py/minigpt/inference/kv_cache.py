"""Keys and values of the tokens already read, so that each new token costs one token's work."""

import numpy as np

from minigpt.nn.config import GPTConfig


class KVCache:
    """Room for the keys and values of every layer, for B texts of up to block_size tokens.

    `length` counts the tokens stored; `model.forward(ids, kv_cache=cache)` advances it.
    """

    def __init__(self, config: GPTConfig, batch: int = 1, dtype=np.float32):
        D = config.n_embd // config.n_head
        shape = (config.n_layer, batch, config.n_head, config.block_size, D)
        self.keys = np.zeros(shape, dtype)
        self.values = np.zeros(shape, dtype)
        self.length = 0

    def layer(self, index: int):
        """What attention calls with a step's new k, v (B, H, T, D); gives all so far (B, H, S, D)."""
        def past(k: np.ndarray, v: np.ndarray):
            end = self.length + k.shape[2]
            self.keys[index, :, :, self.length:end] = k
            self.values[index, :, :, self.length:end] = v
            return self.keys[index, :, :, :end], self.values[index, :, :, :end]
        return past
