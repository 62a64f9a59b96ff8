"""Vectors as strips of coloured cells, one row a vector, one cell a number."""

import param

from pages.components import Component, Json


class HeatStrip(Component):
    """`vectors`: dictionaries of `name`, `values`, all of one length, and `bound`, the value of the
    strongest colour: the same one for what is to be compared.
    """

    title = param.String(default='')
    vectors = Json(default=[])
