"""A grid of true numbers as a picture."""

from collections.abc import Callable

import numpy as np
import param

from pages.components import Component, Json, Numbers


class Matrix(Component):
    """`values` (R, C) as coloured cells under `title`; NaN is a hidden cell, drawn hatched.

        matrix = Matrix(lambda row, column: 'q·k / √D = …', scale='sequential', hue='attention')
        matrix.param.update(words=text(lang)['matrix'], locale=text(lang)['tag'], title='…',
                            row_axis='who looks', column_axis='at whom')       # relabel()
        matrix.param.update(values=weights, rows=tokens, columns=tokens)       # paint

    Labels: `rows` (R) and `columns` (C) are texts; an empty list numbers them from 1. `row_axis`
    and `column_axis` say what they are. Tokens repeat: labels need not differ.

    Colour: `scale` is 'diverging', −bound … 0 … +bound in the two colours of signed numbers, or
    'sequential', 0 … bound, from the ground to the role `hue` of the theme. `bound` 0 takes the
    largest size there is; give one to pictures that are to be compared. The legend states it, and
    that what lies beyond has the strongest colour.

    A number is read with `digits` decimals; `written` puts it into the cell too (small matrices).
    `cell` is a cell's side in pixels, 0 for what fits; `tapped`: no smaller than a finger needs,
    where fingers point, though less is seen at once. `row` is a row to be marked, -1 for none.

    One Tab stop. Hover, or arrows, Home, End, Page keys and focus, look at a cell; its line below
    says row, column, value, and what `tell(row, column)` gives: the formula with its values. It is
    asked once per cell looked at, and may also be where the page follows the reader's eyes. A click
    or Enter writes `picked` = [row, column]; Esc empties it. A page may write it too.

    Up to some 256 × 1024 cells; it scrolls within its own frame. Many small ones: `Thumbnails`.
    """

    title = param.String(default='')
    values = Numbers(default=np.zeros((0, 0), np.float32))
    rows = Json(default=[])
    columns = Json(default=[])
    row_axis = param.String(default='')
    column_axis = param.String(default='')
    scale = param.Selector(default='sequential', objects=['sequential', 'diverging'])
    bound = param.Number(default=0)
    hue = param.String(default='attention')
    digits = param.Integer(default=3)
    written = param.Boolean(default=False)
    cell = param.Integer(default=0)
    tapped = param.Boolean(default=False)
    row = param.Integer(default=-1)
    picked = param.List(default=[], item_type=int)

    def __init__(self, tell: Callable[[int, int], str] | None = None, **params):
        super().__init__(**params)
        self._tell = tell

    def _handle_msg(self, data: dict) -> None:
        """The reader looks at a cell: answer with its formula. It may be of an older picture."""
        row, column = data['look']
        there = row < self.values.shape[0] and column < self.values.shape[1]
        said = self._tell(row, column) if self._tell and there else ''
        self._send_msg({'cell': [row, column], 'said': said})
