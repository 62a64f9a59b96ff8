"""Write on, one token at a time: forward, choose, append, again."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.errors import SamplingError, TextError
from minigpt.inference.kv_cache import KVCache
from minigpt.inference.sampling import Distribution, check_sampling, draw, next_token_distribution
from minigpt.nn.model import GPT


@dataclass(frozen=True)
class GeneratedToken:
    """One step of generation."""
    index: int                  # 0 for the first generated token
    token_id: int
    distribution: Distribution  # what it was drawn from
    context_len: int            # how many tokens the model saw
    seconds: float              # time this step took


def generate(model: GPT, ids: Sequence[int], *, max_new_tokens: int = 40,
             temperature: float = 0.8, top_k: int | None = None, top_p: float | None = None,
             rng: np.random.Generator, stop_ids: Sequence[int] = ()) -> Iterator[GeneratedToken]:
    """Yield up to `max_new_tokens` tokens that continue the prompt `ids`.

    The arguments are checked at the call, before the first token. The token that is in `stop_ids`
    is yielded, then generation ends; closing the generator stops it at any time. When the context
    is full, the model forgets the older half of it and goes on.

    Raises SamplingError for settings out of range, TextError for an empty prompt or one that is
    longer than the context.
    """
    check_sampling(temperature, top_k, top_p)
    if max_new_tokens < 1:
        raise SamplingError('bad_length', got=max_new_tokens)
    if not len(ids):
        raise TextError('empty_prompt')
    if len(ids) > model.config.block_size:
        raise TextError('prompt_too_long', got=len(ids), block_size=model.config.block_size,
                        excess=len(ids) - model.config.block_size)

    def steps():
        for index, (context_len, logits, seconds) in enumerate(next_logits(model, window)):
            started = time.perf_counter()
            distribution = next_token_distribution(logits, temperature, top_k, top_p)
            token_id = draw(distribution.probs, rng)
            window.append(token_id)
            seconds += time.perf_counter() - started
            yield GeneratedToken(index, token_id, distribution, context_len, seconds)
            if token_id in stop_ids or index + 1 == max_new_tokens:
                return

    window = list(ids)
    return steps()


def next_logits(model: GPT, window: list[int]) -> Iterator[tuple[int, np.ndarray, float]]:
    """Yield (tokens seen, logits (V,), seconds) for a window that the caller makes grow.

    Keys and values are remembered, so that each step reads only the new tokens. Positions are
    absolute, so a full context cannot slide: its newer half is read anew from position 0.
    """
    cache = KVCache(model.config, dtype=model.flat.dtype)
    while True:
        started = time.perf_counter()
        if len(window) > model.config.block_size:
            del window[:len(window) - max(1, model.config.block_size // 2)]
            cache.length = 0
        new = np.array([window[cache.length:]])
        logits = model.forward(new, kv_cache=cache)[0, -1]
        yield len(window), logits, time.perf_counter() - started
