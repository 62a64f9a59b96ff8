"""One of many, or none: the browser's own list that opens."""

import param

from pages.components import Component


class Picker(Component):
    """`options`: dictionaries of `id` and `label`; `value` is the id of the chosen one. A
    `reason` disables the list and is shown in place of the `note`."""

    value = param.String(default='')
    options = param.List(default=[], item_type=dict)
    label = param.String(default='')
    note = param.String(default='')
    reason = param.String(default='')
