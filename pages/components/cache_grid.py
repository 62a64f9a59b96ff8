"""A KV cache as a grid: a row of keys and a row of values a layer, a column a position."""

import param

from pages.components import Component, Json


class CacheGrid(Component):
    """`cache`: `keys` and `values`, (L, T) lengths of the vectors stored; `tokens` (T) whose they
    are; `room`, the positions there is room for; `bounds`, the lengths of the strongest colours
    of keys and of values.
    """

    title = param.String(default='')
    cache = Json(default={})
