"""The portal's exercises: what counts as done."""

import numpy as np

from pages.exercises import near
from pages.lab import lab

LISTED = 3  # tokens that the card of the draw shows


def wrote_another(page) -> bool:
    """Another seed's text stands there, whole."""
    return page.seed != page.param.seed.default and bool(page.written) and not page.work.running


def drew_an_unlikely_one(page) -> bool:
    """The first token drawn, with a seed that the reader asked for, is none of the likeliest."""
    if not wrote_another(page):
        return False
    first = page.first
    likeliest = np.argsort(-first.sampling.distribution(first.logits).probs, kind='stable')
    return first.token_id not in likeliest[:LISTED]


def knows_the_table_s_share(page, text: str) -> bool:
    """How many per cent of the trained parameters are the tokens' vectors."""
    model = lab().model
    table = model.config.vocab_size * model.config.n_embd
    return near(text, 100 * table / model.n_params, 0.5)
