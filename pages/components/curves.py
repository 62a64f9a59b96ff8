"""Curves that grow while one looks: a chart that gets only what is new, and draws it itself.

Bokeh would draw a figure anew for each point; several that grow ten times a second are too much
for the page's main thread.
"""

import param

from pages.components import Component, Json, as_json


class Curves(Component):
    """`draw(lines)` shows lines, dictionaries of `id`, `label`, `role` (a colour of theme.css),
    `dash`, `faded`, `version`, `x` and `y`; a line that only grew costs no more than its new
    points.

    `marks`: `y` and `x`, lists of `value` and `label`, as straight lines; the level ones
    are named where curves leave room. Charts of one `group` share the upright under the pointer;
    `pinned` is the x that a click or Enter chose, −1 for none.
    `digits` after the decimal point of y; 0 `small` numbers are written with a power of ten.
    x counts, in whole numbers.
    Words: `title`, `lead`, `x`, `y`, `log`, `table`, `csv`, `empty`, `hide`, `keys`.
    """

    lines = Json(default=[])
    points = param.Integer(default=0, doc='Of all lines together, with what came after `lines`.')
    newest = Json(default={})  # line id → x and y of a point to come, not settled yet
    marks = Json(default={'x': [], 'y': []})
    group = param.String(default='')
    pinned = param.Number(default=-1)
    end = param.Number(default=0, doc='The largest x to come, where it is known.')
    tall = param.Integer(default=260, doc='Pixels.')
    digits = param.Integer(default=2)
    log = param.Boolean(default=False, doc='The y axis is logarithmic at first.')

    def __init__(self, **params):
        super().__init__(**params)
        self._drawn: list[dict] = []
        self._sent: list = []

    def draw(self, lines: list[dict]) -> None:
        """Show these lines; each keeps the lists that it is given, and may let them grow."""
        heads = [head_of(it) for it in lines]
        known = {head['id']: count for head, count in self._sent}
        self._drawn = lines
        if heads != [head for head, _ in self._sent] or any(
                len(it['x']) < known[it['id']] for it in lines):
            self._send_all()
            return
        tail = {it['id']: {'from': known[it['id']], 'x': it['x'][known[it['id']]:],
                           'y': it['y'][known[it['id']]:]}
                for it in lines if len(it['x']) > known[it['id']]}
        if tail:
            self._note_sent()
            # A param would lose the part that comes before a busy screen has looked at the last one.
            self._send_msg({'tail': as_json(tail)})

    def _send_all(self) -> None:
        self.lines = [it | {'x': list(it['x']), 'y': list(it['y'])} for it in self._drawn]
        self._note_sent()

    def _note_sent(self) -> None:
        self._sent = [(head_of(it), len(it['x'])) for it in self._drawn]
        self.points = sum(count for _, count in self._sent)

    def _handle_msg(self, data: dict) -> None:
        """The module missed a part, being drawn anew: it asks for all."""
        self.lines = []
        self._send_all()


def head_of(line: dict) -> dict:
    """All of a line but its points."""
    return {name: it for name, it in line.items() if name not in 'xy'}
