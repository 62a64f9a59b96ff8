"""Write on, one token at a time: forward, choose, append, again."""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from minigpt.backend.waiting import Steps
from minigpt.errors import SamplingError
from minigpt.inference.reader import Reader, check_prompt
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
             min_p: float | None = None, repetition_penalty: float | None = None,
             rng: np.random.Generator, stop_ids: Sequence[int] = ()) -> Steps:
    """Yield up to `max_new_tokens` tokens that continue the prompt `ids`.

    The arguments are checked at the call, before the first token. The token that is in `stop_ids`
    is yielded, then generation ends; closing the stream stops it at any time. It can be taken with
    `for` or `async for`. When the context is full, the model forgets the older half of it and goes
    on. The repetition penalty weakens the tokens in the context that the model sees, those of the
    prompt included.

    Raises SamplingError for settings out of range, TextError for an empty prompt or one that is
    longer than the context.
    """
    sampling = {'temperature': temperature, 'top_k': top_k, 'top_p': top_p, 'min_p': min_p,
                'repetition_penalty': repetition_penalty}
    check_sampling(**sampling)
    check_length(max_new_tokens)
    check_prompt(model, ids)

    def steps():
        reader = Reader(model, [window])
        for index in range(max_new_tokens):
            logits, seconds = yield from timed_read(reader)
            token_id, distribution, drawing = write_next(logits[0], window, rng, sampling)
            yield GeneratedToken(index, token_id, distribution, reader.length, seconds + drawing)
            if token_id in stop_ids:
                return

    window = list(ids)
    return Steps(steps())


def write_next(logits: np.ndarray, window: list[int], rng: np.random.Generator,
               sampling: dict) -> tuple[int, Distribution, float]:
    """Draw a token, append it to the window; (its id, what it was drawn from, seconds)."""
    started = time.perf_counter()
    distribution = next_token_distribution(logits, seen=window, **sampling)
    token_id = draw(distribution.probs, rng)
    window.append(token_id)
    return token_id, distribution, time.perf_counter() - started


def next_logits(model: GPT, window: list[int]) -> Steps:
    """Yield (tokens seen, logits (V,), seconds) for a window that the caller makes grow.

    When the context is full, the older half of the window is deleted: see `Reader`.
    """
    def steps():
        reader = Reader(model, [window])
        while True:
            logits, seconds = yield from timed_read(reader)
            yield reader.length, logits[0], seconds

    return Steps(steps())


def timed_read(reader: Reader) -> Generator:
    """A core (see backend/waiting.py) that returns (logits (B, V), seconds)."""
    started = time.perf_counter()
    logits = yield from reader.reading()
    return logits, time.perf_counter() - started


def check_length(max_new_tokens: int) -> None:
    """SamplingError unless at least one token is asked for."""
    if not isinstance(max_new_tokens, Integral) or max_new_tokens < 1:
        raise SamplingError('bad_length', got=max_new_tokens)
