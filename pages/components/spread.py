"""How the numbers of vectors are spread: a histogram for each, all on one axis."""

import param

from pages.components import Component, Json


class Spread(Component):
    """`rows`: dictionaries of `name`, `counts` (of each bin), `mean`, `deviation` (with the mean it
    is marked on the axis) and `about`. The bins cut the axis from −`bound` to `bound` evenly.
    `title` says what is drawn. Words: `bin` ({name}, {count}, {low}, {high}), `hint`, `axis`.
    """

    title = param.String(default='')
    rows = Json(default=[])
    bound = param.Number(default=1)
