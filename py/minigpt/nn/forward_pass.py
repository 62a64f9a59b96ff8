"""What one forward pass carries along besides its vectors."""

from dataclasses import dataclass, replace

import numpy as np

from minigpt.nn.config import GPTConfig
from minigpt.nn.trace import Trace


@dataclass(frozen=True)
class ForwardPass:
    """The settings of one pass, handed down from the model to its parts."""
    config: GPTConfig
    positions: np.ndarray                           # (T,) place of each token in the context
    trace: Trace | None = None                      # where to record intermediates
    kv_cache: object | None = None                  # keys and values of earlier tokens
    dropout_rng: np.random.Generator | None = None  # given while training with dropout
    keep: bool = True                               # attention weights, for backward or trace
    name: str = ''                                  # prefix of recorded names: 'h.0.'
    layer: int = 0

    def at_layer(self, layer: int) -> 'ForwardPass':
        return replace(self, layer=layer, name=f'h.{layer}.')

    def record(self, name: str, value: np.ndarray) -> None:
        """Keep a copy in the trace, since later steps may reuse the memory."""
        if self.trace is not None:
            self.trace[self.name + name] = value.copy()
