"""Beam search: keep the few likeliest continuations, not just one (Sutskever et al. 2014).

    beams ──read──▶ log p of every next token ──add──▶ beams × V candidates ──▶ the best go on
                                                               └──▶ those that end are finished

Live beams are equally long, so the sum of log-probabilities ranks them. Finished ones differ in
length, and every token makes the sum smaller: they are ranked by score = sum / length^α, after
Wu et al. 2016 (their formula without its constant). α = 1 is the mean per token, 0 the bare sum.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from minigpt.backend.waiting import Steps
from minigpt.errors import SamplingError, check_kind
from minigpt.inference.generate import check_length
from minigpt.inference.likelihood import log_softmax
from minigpt.inference.reader import Reader, check_prompt
from minigpt.nn.model import GPT


@dataclass(frozen=True)
class Beam:
    """One continuation."""
    ids: tuple[int, ...]  # the tokens after the prompt, a stop token included
    log_prob: float       # ln p(ids | prompt), the sum over its tokens, in nats
    score: float          # log_prob / len(ids) ** length_penalty
    parent: int           # which live beam of the step before it grew from


@dataclass(frozen=True)
class BeamStep:
    """All beams after one step; both tuples are sorted, best first."""
    index: int                  # 0 for the first new token
    live: tuple[Beam, ...]      # still being written
    finished: tuple[Beam, ...]  # ended by a stop token, the best so far
    context_len: int            # how many tokens the model saw
    seconds: float              # time this step took

    @property
    def ranked(self) -> list[Beam]:
        """Finished and live beams together, best score first."""
        return sorted(self.finished + self.live, key=lambda beam: -beam.score)


def beam_search(model: GPT, ids: Sequence[int], *, n_beams: int = 4, max_new_tokens: int = 40,
                length_penalty: float = 1.0, stop_ids: Sequence[int] = ()) -> Steps:
    """Yield the beams after each new token; `ranked[0]` of the last step is the result.

    The search ends after `max_new_tokens`, or once no live beam can still become better than the
    `n_beams` finished ones. One beam is greedy search that goes on past a stop token, since the
    text beside that end may score higher. Nothing is random. A full context is halved as in
    `generate`.

    Raises SamplingError for settings out of range, TextError as `generate` does.
    """
    if not isinstance(n_beams, Integral) or n_beams < 1:
        raise SamplingError('bad_n_beams', got=n_beams)
    check_kind('length_penalty', length_penalty, float, SamplingError)
    if not 0 <= length_penalty < np.inf:
        raise SamplingError('bad_length_penalty', got=length_penalty)
    check_length(max_new_tokens)
    check_prompt(model, ids)

    def steps():
        live, finished = [Beam((), 0.0, 0.0, 0)], []
        for index in range(max_new_tokens):
            started = time.perf_counter()
            log_probs = log_softmax((yield from reader.reading()))
            context_len = reader.length
            grown = extend(live, log_probs, n_beams * (1 + len(stop_ids)), length_penalty)
            live, ended = divide(grown, n_beams, set(stop_ids))
            finished = sorted(finished + ended, key=lambda beam: -beam.score)[:n_beams]
            reader.select([beam.parent for beam in live])
            for window, beam in zip(reader.windows, live):
                window.append(beam.ids[-1])
            yield BeamStep(index, tuple(live), tuple(finished), context_len,
                           time.perf_counter() - started)
            if not live or len(finished) == n_beams and finished[-1].score >= best_possible(
                    live[0], max_new_tokens, length_penalty):
                return

    reader = Reader(model, [list(ids)])
    return Steps(steps())


def extend(live: list[Beam], log_probs: np.ndarray, count: int,
           length_penalty: float) -> list[Beam]:
    """The `count` likeliest one-token extensions of the live beams; log_probs (B, V)."""
    sums = np.array([beam.log_prob for beam in live])[:, None] + log_probs
    flat = sums.reshape(-1)
    best = np.argpartition(flat, -min(count, flat.size))[-count:]
    best = best[np.lexsort((best, -flat[best]))]
    parents, tokens = np.unravel_index(best, sums.shape)
    length = len(live[0].ids) + 1
    return [Beam(live[parent].ids + (token,), float(sums[parent, token]),
                 float(sums[parent, token]) / length ** length_penalty, parent)
            for parent, token in zip(parents.tolist(), tokens.tolist())]


def divide(grown: list[Beam], n_beams: int, stop_ids: set[int]) -> tuple[list[Beam], list[Beam]]:
    """(the n_beams best that go on, those of the n_beams best that end)"""
    live = [beam for beam in grown if beam.ids[-1] not in stop_ids][:n_beams]
    ended = [beam for beam in grown[:n_beams] if beam.ids[-1] in stop_ids]
    return live, ended


def best_possible(beam: Beam, max_new_tokens: int, length_penalty: float) -> float:
    """No descendant scores higher: the sum can only fall, its divisor grows up to the last step."""
    return beam.log_prob / max_new_tokens ** length_penalty
