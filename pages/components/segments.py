"""One of a few: buttons in a row, of which one is pressed."""

import param

from pages.components import Component


class Segments(Component):
    """`options`: dictionaries of `id` and `label`. `note` says what the chosen one does."""

    value = param.String(default='')
    label = param.String(default='')
    options = param.List(default=[], item_type=dict)
    note = param.String(default='')
