"""Ways to cut a text, one a row: how many tokens, how well packed, what gets lost."""

import param

from pages.components import Component, Json


class StrategyTable(Component):
    """`rows`: `pages.tokenizer.strategies.strategy_row`, and `label` and `about` in words; a row that is
    still being trained has only `name`, `label` and `about`.

    `lead`: a sentence above them. `measures`: what the averages are made of, `n_bytes` and
    `n_words`.
    """

    rows = Json(default=[])
    lead = param.String(default='')
    measures = Json(default={'n_bytes': 0, 'n_words': 0})
