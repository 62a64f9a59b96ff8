"""Numbers with the names of what they count."""

import param

from pages.components import HERE, Component, styles


class Facts(Component):
    """`facts`: dictionaries of `name` and `value`, already written in the page's language."""

    facts = param.List(default=[], item_type=dict)

    _esm = HERE / 'facts.mjs'
    _stylesheets = styles('facts.css')
