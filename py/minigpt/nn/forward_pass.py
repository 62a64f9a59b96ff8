"""What one forward pass carries along besides its vectors."""

from typing import NamedTuple

import numpy as np

from minigpt.errors import ConfigError
from minigpt.nn.config import GPTConfig
from minigpt.nn.changes import Change
from minigpt.nn.trace import Trace


class ForwardPass(NamedTuple):
    """The settings of one pass, handed down from the model to its parts."""
    config: GPTConfig
    positions: np.ndarray                           # (T,) place of each token in the context
    trace: Trace | None = None                      # where to record intermediates
    kv_cache: object | None = None                  # keys and values of earlier tokens
    dropout_rng: np.random.Generator | None = None  # given while training with dropout
    change: Change | None = None                    # may replace intermediates
    keep: bool = True                               # attention weights, for backward
    name: str = ''                                  # prefix of recorded names: 'h.0.'
    layer: int = 0

    def at_layer(self, layer: int) -> 'ForwardPass':
        return self._replace(layer=layer, name=f'h.{layer}.')

    @property
    def watched(self) -> bool:
        """Whether somebody wants each step on its own."""
        return self.trace is not None or self.change is not None

    def record(self, name: str, value: np.ndarray) -> np.ndarray:
        """What goes on under this name: the value, or what `change` puts in its place.

        The trace keeps a copy of it, since later steps may reuse the memory.
        """
        if self.change is not None:
            value = self._changed(self.name + name, value)
        if self.trace is not None:
            self.trace[self.name + name] = value.copy()
        return value

    def _changed(self, name: str, value: np.ndarray) -> np.ndarray:
        changed = self.change(name, value)
        if getattr(changed, 'shape', None) != value.shape:
            raise ConfigError('bad_change', name=name, shape=value.shape,
                              got=getattr(changed, 'shape', type(changed).__name__))
        return changed
