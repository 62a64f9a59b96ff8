"""A few sentences, each a paragraph."""

import param

from pages.components import Component


class Said(Component):
    """`paragraphs`: what to say, as plain text; `title` above them, where there is one."""

    title = param.String(default='')
    paragraphs = param.List(default=[], item_type=str)
