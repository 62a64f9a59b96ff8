"""The whole model as a flat map: one card per stage, with the values that went through it."""

import param

from pages.components import Component


class Machine(Component):
    """`stages`: dictionaries of `title`, `about`, `rows` (label, value, share of the longest bar
    or None), `hue` of the bars (a colour of theme.py) and `link` (`{'page', 'href', 'label'}`
    or None).
    """

    stages = param.List(default=[], item_type=dict)
