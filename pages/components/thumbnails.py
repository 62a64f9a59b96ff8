"""Many small matrices side by side, to choose one from."""

import numpy as np
import param

from pages.components import Component, Json, Shades


class Thumbnails(Component):
    """`values` (N, R, C) from 0 to 1 as N small pictures, `across` of them a line; NaN is a hidden
    cell.

    `names` (N) are written below them, `lines` before each line, and `marks` (N) are a few words
    about each, or empty. Those in `struck` are struck out. `chosen` is the opened one: click or
    Enter writes it. `row` marks a row in all of them, -1 for none. Colours are those of `Matrix`.
    """

    title = param.String(default='')
    lead = param.String(default='')
    values = Shades(default=np.zeros((0, 0, 0), np.float32))
    names = Json(default=[])
    lines = Json(default=[])
    marks = Json(default=[])
    struck = param.List(default=[], item_type=int)
    across = param.Integer(default=4)
    chosen = param.Integer(default=0)
    row = param.Integer(default=-1)
    hue = param.String(default='attention')
