"""A ranking: tokens with a number each, as bars; one may be chosen, or looked at."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class Ranking(Component):
    """`rows`: dictionaries of `id`, `rank`, `label`, `value` (as written), `part` (the bar, a
    fraction of 1; negative ones are hatched), `about` (how the number came to be) and `mark`
    (a word beside the label, or empty).

    `pointed` is the id the reader looks at here, `lit` the one looked at elsewhere (-2: none).
    Where `on_choose` is given, rows can be chosen; it gets the id. `hue` names the bars' colour.
    """

    title = param.String(default='')
    lead = param.String(default='')
    rows = Json(default=[])
    pointed = param.Integer(default=-2)
    lit = param.Integer(default=-2)
    hue = param.String(default='key')
    choosable = param.Boolean(default=True)

    def __init__(self, on_choose: Callable[[int], None] | None = None, **params):
        super().__init__(choosable=bool(on_choose), **params)
        self._on_choose = on_choose

    def _handle_msg(self, data: dict) -> None:
        if self._on_choose:
            self._on_choose(data['choose'])
