"""Source lines of minigpt, one fold for each function."""

import param

from pages.components import Component, Json


class Source(Component):
    """`pieces`: what `pages.source.source` gives for each function. `open` follows the fold; the
    lines are wanted only while it is open.
    """

    pieces = Json(default=[])
    open = param.Boolean(default=False)
