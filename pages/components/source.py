"""Source lines of minigpt, one fold for each function."""

import param

from pages.components import Component, Json, module, styles


class Source(Component):
    """`pieces`: what `pages.source.source` gives for each function. `open` follows the fold; the
    lines are wanted only while it is open.
    """

    pieces = Json(default=[])
    open = param.Boolean(default=False)

    _esm = module('source.mjs')
    _stylesheets = styles('part.css', 'source.css')
