"""Lines of a text in order of a signed number each, with a token marked inside them."""

import param

from pages.components import Component, Json


class LineRanking(Component):
    """`rows`: dictionaries of `rank`, `line` (its number), `pieces` (pairs of text and whether it
    is marked), `value` (as written), `exact`, `part` (the bar, a fraction of 1; negative ones are
    hatched) and `about` (how the number came to be).
    """

    title = param.String(default='')
    rows = Json(default=[])
