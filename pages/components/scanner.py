"""A text under a scanner: what it has passed, the chunks that fell out, the figures so far."""

import param

from pages.components import Component, Json


class Scanner(Component):
    """`scan` is what `pages.sample.scan.scanned` gives; `about_chunks` has a `reason` and an
    `about` for each chunk. All on the screen follows from them and from `position`, the number of
    characters passed; while the scanner runs, Python hears of it only when it rests.
    """

    scan = Json(default={})
    about_chunks = Json(default=[])
    position = param.Integer(default=0)
