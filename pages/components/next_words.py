"""What the model expects next: with all of its parts, and beside it without some of them."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class NextWords(Component):
    """`rows`: dictionaries of `id`, `word`, `before` and `after` (shares from 0 to 1), `about`; the
    last may be all other words, with the id -1. `changed`: whether some part is off; if not, only
    `before` is drawn. `headline` and `lead` are sentences; `chosen` is the id of the word that the
    page explains. Words: `before`, `after`, `table`, `back`. `on_back()`: all parts on again.
    """

    headline = param.String(default='')
    lead = param.String(default='')
    rows = Json(default=[])
    changed = param.Boolean(default=False)
    chosen = param.Integer(default=-1)

    def __init__(self, on_back: Callable[[], None], **params):
        super().__init__(**params)
        self._on_back = on_back

    def _handle_msg(self, data: dict) -> None:
        self._on_back()
