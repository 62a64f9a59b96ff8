"""A short text as prose: what was given, what the model wrote, and where to go from there."""

import param

from pages.components import Component


class Story(Component):
    """`link` is `{'page', 'href', 'label'}`; `facts` are short sentences below the text."""

    given = param.String(default='')
    written = param.String(default='')
    facts = param.List(default=[], item_type=str)
    running = param.Boolean(default=False)
    link = param.Dict(default={})
