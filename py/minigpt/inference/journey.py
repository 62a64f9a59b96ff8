"""One token's way in time: text → ids → vectors → blocks → logits → draw → text, each step timed.

The forward pass is the model's own, followed by a trace that looks at the clock: the steps add up
to it, a copy of each array included.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minigpt.inference.reader import check_prompt
from minigpt.inference.sampling import draw, next_token_distribution
from minigpt.nn.model import GPT
from minigpt.nn.trace import TimedTrace


@dataclass(frozen=True)
class Stage:
    """A step that is over: what came out of it, and how long it took."""
    name: str      # encode, embed, h.0.attn, h.0.mlp, …, head, distribution, draw, decode
    seconds: float
    value: object  # ids, an array (1, T, …), a Distribution, a token id, or text

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array; () for a single thing."""
        if isinstance(self.value, list):
            return (len(self.value),)
        return getattr(getattr(self.value, 'probs', self.value), 'shape', ())


def journey(model: GPT, tokenizer, text: str, *, rng: np.random.Generator,
            **sampling) -> list[Stage]:
    """The steps from a text to its next token, in the order in which they happen.

    `sampling`: temperature, top_k, top_p, min_p. Of a text longer than the context the last
    block_size tokens are read. Raises TextError for an empty text, SamplingError for settings out
    of range.
    """
    stages = []

    def timed(name: str, work: Callable):
        started = time.perf_counter()
        value = work()
        stages.append(Stage(name, time.perf_counter() - started, value))
        return value

    ids = timed('encode', lambda: tokenizer.encode(text))[-model.config.block_size:]
    check_prompt(model, ids)
    trace = TimedTrace()
    model.forward(np.array([ids]), trace=trace)
    stages.extend(forward_stages(trace, model.config.n_layer))
    logits = trace['logits'][0, -1]
    found = timed('distribution', lambda: next_token_distribution(logits, **sampling))
    token_id = timed('draw', lambda: draw(found.probs, rng))
    timed('decode', lambda: tokenizer.decode([token_id]))
    return stages


def forward_stages(trace: TimedTrace, n_layer: int) -> list[Stage]:
    """The records of one forward pass, gathered into the model's parts: each ends where the
    residual stream has taken in what the part adds to it."""
    ends = {'embed': 'embed', 'logits': 'head'}
    for layer in range(n_layer):
        ends |= {f'h.{layer}.resid_mid': f'h.{layer}.attn',
                 f'h.{layer}.resid_post': f'h.{layer}.mlp'}
    stages, seconds = [], 0.0
    for name, value in trace.items():
        seconds += trace.seconds[name]
        if name in ends:
            stages.append(Stage(ends[name], seconds, value))
            seconds = 0.0
    return stages
