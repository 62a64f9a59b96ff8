"""A text area for Python: Tab indents, words of the language stand out, a faulty line is marked."""

import param

from pages.components import Component


class CodeEditor(Component):
    """`value` follows every key stroke. `fault` is what is wrong, as a sentence, and `line` the line
    where, from 1 (0: none). Words: `code` (the label), `keys` (how to leave it by keyboard).
    """

    value = param.String(default='')
    fault = param.String(default='')
    line = param.Integer(default=0)
