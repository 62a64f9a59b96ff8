"""The inference page's exercises: what counts as done."""

import numpy as np

from pages.exercises import near


def writes_greedily(page) -> bool:
    """The whole text was written at temperature 0: no seed can change it."""
    written = page.text.written if page.text else []
    return bool(written) and all(it.sampling.temperature == 0 for it in written)


def took_a_cut_token(page) -> bool:
    """The reader chose a token that the cut had put out of the draw."""
    written = page.text.written if page.text else []
    return any(it.picked and it.probability == 0 for it in written)


def knows_the_ratio(page, text: str) -> bool:
    """At temperature 1 the likeliest token is e^(difference of logits) times the second's."""
    if not page.text:
        return False
    second, first = np.sort(page.text.logits_at(page.shown).astype(np.float64))[-2:]
    ratio = float(np.exp(first - second))
    return near(text, ratio, max(0.051, ratio / 100))  # of two shares in three digits
