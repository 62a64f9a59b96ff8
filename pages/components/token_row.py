"""A text as its tokens in a row, of which one is chosen."""

import param

from pages.components import Component, Json


class TokenRow(Component):
    """`tokens`: dictionaries of `token` (visible text) and `about`; `chosen` is an index."""

    title = param.String(default='')
    tokens = Json(default=[])
    chosen = param.Integer(default=0)
