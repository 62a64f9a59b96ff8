"""Numbers side by side: a table in which each number tells how it came about."""

import param

from pages.components import Component, Json


class FigureTable(Component):
    """`head`: the columns, that of the row's names first. `rows`: dictionaries of `name`, `cells`
    (each `text` and `about`, the formula with its values) and, where wanted, `share`: a bar from 0
    to 1 in its last cell. `note` stands below. Words: `title`, `lead`, `about`.
    """

    head = param.List(default=[], item_type=str)
    rows = Json(default=[])
    note = param.String(default='')
