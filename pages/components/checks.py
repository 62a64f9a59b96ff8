"""A few things that can each be on or off: check boxes under a question."""

import param

from pages.components import Component


class Checks(Component):
    """`boxes`: dictionaries of `id`, `label` and `reason`, which disables the box and is shown
    beside it. `value` holds the ids of those that are on.
    """

    value = param.List(default=[], item_type=str)
    boxes = param.List(default=[], item_type=dict)
    label = param.String(default='')
