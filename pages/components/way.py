"""The stations of a token's way, one below the other: what comes out of each, and its time."""

import param

from pages.components import Component, Json


class Way(Component):
    """`stations`: dictionaries of `name`, `out` (what comes out, as short texts), `bars` (numbers
    that come out, signed, drawn as a stripe; may be empty), `shape`, `time` (as written), `share`
    of the whole time, and `about` (the sum or the sentence behind it).
    """

    title = param.String(default='')
    total = param.String(default='')
    stations = Json(default=[])
