"""One token's attention, step by step: from q·k to the weights."""

from collections.abc import Callable

import numpy as np
import param

from pages.components import Component, Json, Numbers

COLUMNS = ('dot', 'scaled', 'score', 'power', 'weight')


class Walk(Component):
    """`values` (T, 5), a row for each of the `tokens` looked at: the COLUMNS, which are q·k, that
    ÷ √D, the score with the mask (NaN for −∞), e^(score − largest), the weight.

    `facts`: what all rows share, for the formulas: the numbers `root`, `temperature`, `largest`,
    `sum`, the token `query`, and whether weights were `forced` in place of these. `step` says how
    many of the five steps are done; the reader plays and scrubs. `key` is the row spoken of, -1
    for none; the row chosen, or -1, goes to `on_choose`.
    """

    title = param.String(default='')
    tokens = Json(default=[])
    values = Numbers(default=np.zeros((0, len(COLUMNS))))
    facts = Json(default={})
    step = param.Integer(default=5)
    key = param.Integer(default=-1)

    def __init__(self, on_choose: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_choose = on_choose

    def _handle_msg(self, data: dict) -> None:
        if data['choose'] < len(self.tokens):
            self._on_choose(data['choose'])
