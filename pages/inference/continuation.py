"""The text being written on a page: what minigpt's `generate` does, one stage at a time.

    prompt ids ──next_logits──▶ pending logits ──next_token_distribution──▶ draw ──▶ written
                     ▲                                                        │
                     └──────────────────────── append ────────────────────────┘

`generate` draws at once; a page also wants to look before the draw, to put another token in its
place, and to go on from there. Undisturbed, both write the same text (tested).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from minigpt.inference import Distribution, next_token_distribution
from minigpt.inference.generate import next_logits
from minigpt.inference.reader import check_prompt
from minigpt.inference.sampling import draw
from pages.asleep import forgettable


@dataclass(frozen=True)
class Sampling:
    """The knobs between logits and draw; None switches a cut off."""
    temperature: float = 0.8
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None

    def distribution(self, logits: np.ndarray) -> Distribution:
        """minigpt's stages for logits (V,). Raises SamplingError for a knob out of range."""
        return next_token_distribution(logits, self.temperature, self.top_k, self.top_p,
                                       min_p=self.min_p)


@dataclass(frozen=True)
class Written:
    """A token that follows the prompt, and what it was drawn from."""
    token_id: int
    logits: np.ndarray   # (V,) float32
    context_len: int     # tokens the model saw
    seconds: float       # time the forward pass took
    sampling: Sampling   # the knobs when it was drawn
    probability: float   # what the draw gave it
    surprise: float      # −log2 of what the model itself gave it, in bits
    picked: bool         # the reader chose it
    rng_state: dict      # of the generator after this draw


@dataclass(frozen=True)
class Branch:
    """A text that followed the prompt, as it stood when the reader left it."""
    seed: int
    written: tuple[Written, ...]
    context_len: int  # tokens the model saw for the next one

    @property
    def ids(self) -> list[int]:
        return [token.token_id for token in self.written]

    @property
    def picks(self) -> dict[int, int]:
        """The reader's own choices: index among the written tokens → token id."""
        return {i: token.token_id for i, token in enumerate(self.written) if token.picked}

    @property
    def surprise(self) -> float:
        """Of the whole text after the prompt, in bits."""
        return sum(token.surprise for token in self.written)


class Continuation:
    """A prompt and the tokens after it. `pending` holds the logits of the token to come."""

    def __init__(self, model, prompt_ids: list[int], seed: int, end: int | None = None):
        """`end` is the id of the end-of-text token, if there is one.

        Raises TextError when the prompt is empty or longer than the context.
        """
        check_prompt(model, prompt_ids)
        self.model = model
        self.prompt_ids = list(prompt_ids)
        self.seed = seed
        self.end = end
        self.written: list[Written] = []
        self._rng = np.random.default_rng(seed)
        self._look(list(prompt_ids))

    @property
    def ids(self) -> list[int]:
        """All token ids: the prompt's, then those written."""
        return self.prompt_ids + [token.token_id for token in self.written]

    @property
    def picks(self) -> dict[int, int]:
        """The reader's own choices: index among the written tokens → token id."""
        return self.branch().picks

    @property
    def context_len(self) -> int:
        """How many tokens the model saw for the pending logits."""
        return self._seen

    @property
    def ended(self) -> bool:
        """Whether the last token written is the end-of-text token."""
        return bool(self.written) and self.written[-1].token_id == self.end

    def logits_at(self, index: int) -> np.ndarray:
        """The logits (V,) behind written token `index`, or the pending ones after the last."""
        return self.written[index].logits if index < len(self.written) else self.pending

    def window_at(self, index: int) -> list[int]:
        """The ids that the model saw for written token `index`, or for the one to come."""
        seen = self.written[index].context_len if index < len(self.written) else self._seen
        return self.ids[:len(self.prompt_ids) + index][-seen:]

    def step(self, sampling: Sampling, instead: int | None = None) -> Written:
        """Write one token: the drawn one, or `instead` of it the reader's.

        The draw is made in both cases, so that later draws do not depend on the choice.
        """
        distribution = sampling.distribution(self.pending)
        probs = distribution.probs
        drawn = draw(probs, self._rng)
        token_id = drawn if instead is None else instead
        token = Written(token_id, self.pending, self._seen, self._seconds, sampling,
                        float(probs[token_id]), surprise(distribution.model_probs[token_id]),
                        instead is not None, self._rng.bit_generator.state)
        self.written.append(token)
        self._window.append(token.token_id)
        self._advance()
        return token

    def pick(self, index: int, token_id: int, sampling: Sampling) -> None:
        """Put `token_id` at written position `index`; what followed is dropped."""
        if index < len(self.written):
            self.rewind(index)
        self.step(sampling, instead=token_id)

    def rewind(self, length: int) -> None:
        """Keep the first `length` written tokens; the next draw is the one made there before."""
        if length >= len(self.written):
            return
        self.take(Branch(self.seed, tuple(self.written[:length]), self.written[length].context_len))

    def branch(self) -> Branch:
        """The text as it stands, to be taken up again."""
        return Branch(self.seed, tuple(self.written), self._seen)

    def take(self, branch: Branch) -> None:
        """Go on from a text that followed the same prompt."""
        self.seed, self.written = branch.seed, list(branch.written)
        self._rng = np.random.default_rng(self.seed)
        if self.written:
            self._rng.bit_generator.state = self.written[-1].rng_state
        self._look(self.ids[-branch.context_len:])

    def _look(self, window: list[int]) -> None:
        """Compute the pending logits for a window of at most block_size tokens."""
        self._window = window
        vars(self).pop('_stream', None)
        self._advance()

    @forgettable
    def _stream(self) -> Iterator:
        return next_logits(self.model, self._window)

    def _advance(self) -> None:
        self._seen, logits, self._seconds = next(self._stream)
        self.pending = logits.copy()


def surprise(probability: float) -> float:
    """−log2 p, in bits; what float64 calls 0 counts as its smallest number: 1074 bits."""
    return -math.log2(max(float(probability), 5e-324))
