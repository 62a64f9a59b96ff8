"""The attention page's exercises: what counts as done."""

import numpy as np

from pages.exercises import near

FEWEST = 5  # tokens of a text in which a strong look is worth finding


def finds_a_strong_look(page) -> bool:
    """In the opened head, another than the first, the last token looks at one more than at all
    others together; the text has a few tokens and the model is as it was.
    """
    if not page.passes or page.passes.what_if.active or len(page.passes.ids) < FEWEST:
        return False
    last = page.passes.at(page.layer, 'weights')[page.head, -1]
    return (page.layer, page.head) != (0, 0) and float(last.max()) > 0.5


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
