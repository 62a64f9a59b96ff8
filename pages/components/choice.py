"""One of a few: radio buttons under a question."""

import param

from pages.components import Component


class Choice(Component):
    """`options`: dictionaries of `id` and `label`; `value` is the id of the chosen one."""

    value = param.String(default='')
    options = param.List(default=[], item_type=dict)
    label = param.String(default='')
    note = param.String(default='')
