"""What the KV cache saves: the time to the next token with it and without it, side by side."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.backend.clock import per, seconds_of
from minigpt.inference.kv_cache import KVCache
from minigpt.inference.reader import check_prompt
from minigpt.nn.model import GPT


@dataclass(frozen=True)
class CacheSaving:
    """Seconds to the logits after a context of `length` tokens, medians of `turns` runs."""
    length: int
    turns: int
    cached: float    # only the last token is read, the keys and values before it are remembered
    uncached: float  # the whole context is read again

    @property
    def ratio(self) -> float | None:
        return per(self.uncached, self.cached)


def cache_saving(model: GPT, ids: Sequence[int], lengths: Sequence[int],
                 turns: int = 5) -> Iterator[CacheSaving]:
    """Measure the first tokens of `ids` at each length, in turns; yield after each run.

    All lengths have their first runs before any has its second, so the noise of the machine
    spreads over all. One run of each before them does not count, and one too short for the clock
    is repeated. Raises TextError for a length that is 0 or beyond the context; there must be that
    many ids.
    """
    for length in lengths:
        check_prompt(model, ids[:length])
    ids = np.array([ids])
    seconds = {length: ([], []) for length in lengths}

    def read_last(length: int, cache: KVCache) -> None:
        cache.length = length - 1  # as if it had not been read yet
        model.forward(ids[:, length - 1:length], kv_cache=cache)

    def runs(turn: int):
        for length in lengths:
            cache = KVCache(model.config, like=model.flat)
            if length > 1:
                model.forward(ids[:, :length - 1], kv_cache=cache)
            pair = (seconds_of(lambda: read_last(length, cache)),
                    seconds_of(lambda: model.forward(ids[:, :length])))
            if turn:
                for measured, one in zip(seconds[length], pair):
                    measured.append(one)
            yield CacheSaving(length, turn, *map(statistics.median, seconds[length] if turn else
                                                 zip(pair)))

    def steps():
        for turn in range(turns + 1):
            yield from runs(turn)

    return steps()
