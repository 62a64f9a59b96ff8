"""One token's attention, step by step: from q·k to the weights."""

from collections.abc import Callable

import param

from pages.components import HERE, Component, Json, styles


class Walk(Component):
    """`rows`, one for each token looked at: dictionaries of `token`, `dot` (q·k), `scaled` (÷ √D),
    `score` (with the mask; None for −∞), `power` (e^(score − largest)), `weight`; `forced` marks a
    weight that was put in place of the computed one.

    `facts`: the numbers that all rows share, for the formulas: `root`, `temperature`, `largest`,
    `sum`, `query`. `step` says how many of the five steps are done; the reader plays and scrubs.
    `key` is the row spoken of, -1 for none; the row chosen, or -1, goes to `on_choose`.
    """

    title = param.String(default='')
    rows = Json(default=[])
    facts = Json(default={})
    step = param.Integer(default=5)
    key = param.Integer(default=-1)

    _esm = HERE / 'walk.mjs'
    _stylesheets = styles('walk.css')

    def __init__(self, on_choose: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_choose = on_choose

    def _handle_msg(self, data: dict) -> None:
        if data['choose'] < len(self.rows):
            self._on_choose(data['choose'])
