"""How far a piece of work has come, in words and as a bar."""

import param

from pages.components import Component


class Progress(Component):
    """`lines` of text; a bar of `share` from 0 to 1 while `running`; an `error` instead."""

    lines = param.List(default=[], item_type=str)
    share = param.Number(default=0)
    running = param.Boolean(default=False)
    error = param.String(default='')
