"""The attention page's exercises: what counts as done."""

import numpy as np

from pages.exercises import near
from pages.lab import lab

FEWEST = 5  # tokens that a token sees, itself too, for a strong look to be worth finding


def heads() -> str:
    """Which words fit the model in use: 'one_head' where there is no other to open."""
    config = lab().model.config
    return 'one_head' if config.n_layer * config.n_head == 1 else ''


def finds_a_strong_look(page) -> bool:
    """In a head other than the first, if there is one, the reader follows a token that looks at one
    more than at all others together, or at least more than any other token of that head does; it
    has a few tokens to look at, and the model is as it was.
    """
    first = FEWEST - 1
    if not page.passes or page.passes.what_if.active or page.query_at < first:
        return False
    if page.shown_query != page.query_at or (page.layer, page.head) == (0, 0) and not heads():
        return False
    strongest = page.passes.at(page.layer, 'weights')[page.head].max(axis=1)
    mine = float(strongest[page.query_at])
    return mine > 0.5 or mine == strongest[first:].max()


def knows_the_rest(page, text: str) -> bool:
    """What the token that looks has left for all others but the one it looks at most, in percent:
    a row of weights adds up to 100.
    """
    if not page.passes or page.passes.what_if.active:
        return False
    weights = page.passes.at(page.layer, 'weights')[page.head, page.shown_query]
    return near(text, 100 * float(np.float64(1) - weights.max()), 0.15)


def changed_by_a_cut(page) -> bool:
    """One weight cut, nothing else changed, and another token is the likeliest to come."""
    if not page.passes:
        return False
    changed = page.passes.what_if
    alone = len(changed.cut) == 1 and not changed.off and not changed.forced
    before, after = page.passes.next_shares()
    return (alone and changed.mask and changed.temperature == 1
            and int(before.argmax()) != int(after.argmax()))
