"""How one number came about, with the numbers that went in; each of them can be followed."""

from collections.abc import Callable

from pages.components import Component, Json


class Arithmetic(Component):
    """`account`: empty, or a dictionary of

    title, place   which number: words
    value          it, as text
    symbols        the formula in words
    formula        the same with the values put in
    code           how one gets it in Python
    source         `place` and `text` of the line that computed it; or None
    numbers        the single numbers: `key`, `label`, `text`, `leads` (whether there is a cell to go to)
    strips         rows and columns: `label`, `values`, `name` (where it leads); `products` beside them
    terms          the largest products: `index`, `label`, `first`, `second`, `product` (texts), `share`
    others         what is said of the terms that are not listed
    back           where one came from, or ''

    `on_go` gets what the reader follows: {'number': key}, {'term': index, 'side': 0 or 1} or
    {'back': True}.
    """

    account = Json(default={})

    def __init__(self, on_go: Callable[[dict], None], **params):
        super().__init__(**params)
        self._on_go = on_go

    def _handle_msg(self, data: dict) -> None:
        self._on_go(dict(data))
