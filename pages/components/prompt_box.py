"""The text a person writes, with examples to start from and an error beside it."""

import param

from pages.components import Component


class PromptBox(Component):
    """`value` follows every key stroke; `info` counts its tokens; `error` says what is wrong.

    `rows`: how many lines of it are seen.
    """

    value = param.String(default='')
    info = param.String(default='')
    error = param.String(default='')
    rows = param.Integer(default=3)
    examples = param.List(default=[], item_type=str)
