"""Where something happens in texts: a token with what stands around it, and a number for each."""

import param

from pages.components import Component, Json


class Contexts(Component):
    """`tokens`: the reader's own text, dictionaries of `token`, `value` (as written) and `part`
    from 0 to 1. `rows`: other places, dictionaries of `before`, `token`, `after` and `value`.
    `lead` and `note` are sentences. Words: `own`, `others`, `none`.
    """

    title = param.String(default='')
    lead = param.String(default='')
    note = param.String(default='')
    tokens = Json(default=[])
    rows = Json(default=[])
