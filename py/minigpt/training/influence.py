"""Which lines of a text taught a model this prediction? Those that would teach it again.

A step of training on a line moves the weights against the gradient of the line's loss. To first
order that lowers the loss of a prediction by the step's size times the dot product of the two
gradients (TracIn, Pruthi et al. 2020, at one checkpoint):

    context → next       gradient of −ln p(next | context)  ─┐
                                                             ├─▶ cosine, one number a passage
    a line of the text   gradient of its mean loss          ─┘

Above 0, learning the line makes the prediction likelier; below 0, less likely. The cosine leaves
both lengths out, so that a line does not win by being hard. What is asked is what a line would
teach now: where a model knows its text by heart hardly any gradient is left, and its direction is
chance.
"""

import bisect
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.inference.reader import check_prompt
from minigpt.nn.model import GPT
from minigpt.tokenizer import BPETokenizer

Array = np.ndarray


@dataclass(frozen=True)
class Passage:
    """A line of a text, or as much of a long one as fits the model's context."""
    line: int              # 1 is the first
    text: str
    ids: tuple[int, ...]   # at least 2: the first has nothing before it


@dataclass(frozen=True)
class Influence:
    """What a passage would teach about the prediction."""
    passage: Passage
    cosine: float  # of the two gradients, −1 … 1


@dataclass(frozen=True)
class InfluenceStep:
    """One more passage was read. `ranking` holds all so far, best first; it grows in place."""
    read: int
    total: int
    latest: Influence
    ranking: list[Influence]


def passages(text: str, tokenizer: BPETokenizer, block_size: int) -> Iterator[Passage]:
    """The lines of a text, each with its line end; blank ones and single tokens teach nothing.

    A line of more than block_size + 1 tokens is cut. Neighbours share a token, the last one to be
    predicted in one and the first to be read in the next: every token but the first is predicted.
    """
    for number, line in enumerate(io.StringIO(text), 1):
        ids = tuple(tokenizer.encode(line)) if line.strip() else ()
        for start in range(0, len(ids) - 1, block_size):
            piece = ids[start:start + block_size + 1]
            yield Passage(number, tokenizer.decode(piece), piece)


def likely_first(found: Iterable[Passage], ids: Sequence[int], next_id: int) -> list[Passage]:
    """The passages that hold the prediction word for word first; else in the text's order."""
    ending = [*ids, next_id]
    return sorted(found, key=lambda it: -shared_ending(it.ids, ending))


def shared_ending(ids: Sequence[int], ending: Sequence[int]) -> int:
    """How many of the last tokens of `ending` stand together, in this order, somewhere in ids.

    >>> shared_ending([7, 1, 2, 3, 9], [5, 2, 3])
    2
    """
    longest = 0
    for place, token_id in enumerate(ids):
        if token_id == ending[-1]:
            length = 1
            while (length <= place and length < len(ending)
                   and ids[place - length] == ending[-1 - length]):
                length += 1
            longest = max(longest, length)
    return longest


def influences(model: GPT, ids: Sequence[int], next_id: int,
               found: Sequence[Passage]) -> Iterator[InfluenceStep]:
    """Yield a step for each passage, in the given order: how much it speaks for ids → next_id.

    A passage costs one forward and backward pass; one that occurred before costs nothing. Raises
    TextError, at the call, for an empty context or one that is too long.
    """
    check_prompt(model, ids)
    asked = direction(prediction_gradient(model, ids, next_id))
    ranking, known = [], {}

    def steps():
        for read, passage in enumerate(found, 1):
            if passage.ids not in known:
                known[passage.ids] = float(asked @ direction(passage_gradient(model, passage.ids)))
            latest = Influence(passage, known[passage.ids])
            bisect.insort(ranking, latest, key=lambda it: -it.cosine)
            yield InfluenceStep(read, len(found), latest, ranking)

    return steps()


def prediction_gradient(model: GPT, ids: Sequence[int], next_id: int) -> Array:
    """The gradient of −ln p(next_id | ids) for every weight.   (T), int -> (P,)"""
    targets = [*ids[1:], next_id]
    return model.loss_and_grads(np.array([ids]), np.array([targets]), only_last=True)[1].flat


def passage_gradient(model: GPT, ids: Sequence[int]) -> Array:
    """The gradient of the mean loss of a passage's tokens but the first.   (T) -> (P,)"""
    ids = np.array([ids])
    return model.loss_and_grads(ids[:, :-1], ids[:, 1:])[1].flat


def direction(gradient: Array) -> Array:
    """The gradient at length 1; one of length 0 has no direction and stays 0."""
    length = np.linalg.norm(gradient)
    return gradient / length if length > 0 else gradient
