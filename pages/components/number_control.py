"""A number with its slider: one value, two ways to set it, and words for both."""

import param

from pages.components import Component


class NumberControl(Component):
    """`value` between `start` and `end`; where `switchable`, `active` says whether it counts.

    A `reason` disables the control and is shown in place of the `note`.
    """

    value = param.Number(default=0)
    start = param.Number(default=0)
    end = param.Number(default=1)
    step = param.Number(default=1)
    label = param.String(default='')
    note = param.String(default='')
    switchable = param.Boolean(default=False)
    active = param.Boolean(default=True)
    reason = param.String(default='')
