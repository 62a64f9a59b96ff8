"""Read texts side by side and give the logits for what comes next.

All texts begin at position 0 and are read in step, as far as the shortest one is known: while a
long prompt is still being read, a short one is already being continued.

    step     1       2   3   4
    text A   Era uma vez ▸um ▸gato        ▸ written, then read
    text B   O       sol ▸e  ▸a

So rows of a batch share one length at all times, and each is read exactly as it would be alone:
no padding, no mask, no token of another row.
"""

from collections.abc import Generator, Sequence

import numpy as np

from minigpt.backend.devices import Device, device_for, fetch, give_up
from minigpt.backend.waiting import finish
from minigpt.errors import TextError
from minigpt.inference.kv_cache import KVCache
from minigpt.nn.counts import parts
from minigpt.nn.model import GPT

KERNELS_PER_LAYER = 25  # of one token, counted


class Reader:
    """Reads windows, the lists of ids of B texts, which the caller makes grow by appending.

    Keys and values are remembered, so that each step reads only the new tokens. Positions are
    absolute, so a full context cannot slide: its newer half is read anew from position 0, and the
    older half is deleted from the windows.

    A device reads if it is faster (see backend/devices.py). If it fails, the CPU reads the windows
    anew.
    """

    def __init__(self, model: GPT, windows: Sequence[list[int]]):
        self.windows = list(windows)
        self._home = model
        self._device: Device | None = None
        self._begin(model)
        self._begun = False

    @property
    def length(self) -> int:
        """How many tokens of each text have been read."""
        return self._cache.length

    def read(self) -> np.ndarray:
        """Read on, waiting in place; logits (B, V) after the last token read, of which rows that
        are known further have no use yet."""
        return finish(self.reading())

    def reading(self) -> Generator:
        """The core of `read`, see waiting.py."""
        try:
            if not self._begun:
                self._begun = True
                yield from self._move()
            return (yield from self._read())
        except Exception as error:
            give_up(self._device, error)
            self._device = None
            self._begin(self._home)
        return (yield from self._read())

    def _begin(self, model: GPT) -> None:
        self._model = model
        self._cache = KVCache(model.config, len(self.windows), like=model.flat)

    def _move(self) -> Generator:
        config = self._home.config
        flops = len(self.windows) * sum(part.flops for part in parts(config, 1))
        self._device = yield from device_for(flops, KERNELS_PER_LAYER * config.n_layer)
        if self._device:
            self._begin(GPT(config, flat=self._device.put(self._home.flat)))

    def _read(self) -> Generator:
        known = min(map(len, self.windows))
        if known > self._model.config.block_size:
            # Prompts fit the context, so here all rows are being written and equally long.
            for window in self.windows:
                del window[:known - max(1, self._model.config.block_size // 2)]
            known = len(self.windows[0])
            self._cache.length = 0
        new = [window[self.length:known] for window in self.windows]
        logits = self._model.forward(np.array(new), kv_cache=self._cache)[:, -1]
        return (yield from fetch(logits))[0]

    def select(self, rows: Sequence[int]) -> None:
        """Go on with these rows; a row that goes on twice gets a window of its own each time."""
        self.windows = [list(self.windows[row]) for row in rows]
        self._cache.select(rows)


def check_prompt(model: GPT, ids: Sequence[int]) -> None:
    """TextError for a prompt that is empty or longer than the context."""
    if not len(ids):
        raise TextError('empty_prompt')
    if len(ids) > model.config.block_size:
        raise TextError('prompt_too_long', got=len(ids), block_size=model.config.block_size,
                        excess=len(ids) - model.config.block_size)
