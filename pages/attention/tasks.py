"""The attention page's exercises: what counts as done."""

import numpy as np

from pages.exercises import near


def found_the_previous_head(page) -> bool:
    """The opened head is the one that looks most at the token just before."""
    found = page.passes.measures().get('previous') if page.passes else None
    return found is not None and found.share[page.layer, page.head] == found.share.max()


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
