"""What the curves say about the run, in one of a few kinds, each with its numbers."""

import math
from dataclasses import dataclass

from pages.training.history import History

NEAR_CHANCE = 0.3   # nats
GAP = 0.3           # nats between text learnt and text held out that are worth a word
RISE = 0.03         # nats above the best evaluation…
LASTING = 3         # …for so many evaluations in a row: overfitting


@dataclass(frozen=True)
class Verdict:
    """`kind` is the key of a sentence, `values` fill its blanks."""
    kind: str
    values: dict[str, float]


def verdict(history: History, vocab_size: int) -> Verdict | None:
    """What to say about these curves; None while there is nothing to say."""
    if not history.smooth.y:
        return None
    train, chance = history.smooth.last(), math.log(vocab_size)
    values = {'train': train, 'chance': chance, 'vocab': vocab_size}
    if train > chance + NEAR_CHANCE:
        return Verdict('diverged', values)
    if not history.validation.y:
        return Verdict('chance' if train > chance - NEAR_CHANCE else 'unjudged', values)
    held_out = history.validation.last()
    values |= {'held_out': held_out, 'gap': held_out - train}
    if overfits(history):
        step, best = history.best
        return Verdict('overfit', values | {'best_step': step, 'best': best,
                                            'rise': held_out - best})
    if held_out > chance - NEAR_CHANCE:
        return Verdict('chance', values)
    return Verdict('gap' if held_out - train > GAP else 'learning',
                   values | {'likely': math.exp(held_out)})  # below chance: no large number


def overfits(history: History) -> bool:
    """Whether the held-out loss has risen for good while the loss of the text learnt fell."""
    if not history.best or len(history.validation.y) <= LASTING:
        return False
    step, best = history.best
    late = history.validation.y[-LASTING:]
    earlier = [loss for at, loss in zip(history.smooth.x, history.smooth.y) if at <= step]
    return bool(history.validation.x[-LASTING] > step and min(late) > best + RISE
                and earlier and history.smooth.last() < earlier[-1])
