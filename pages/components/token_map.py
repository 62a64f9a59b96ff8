"""A map of labelled points: look around, search, choose one, pick out many."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class TokenMap(Component):
    """`points`: dictionaries of `id`, `label`, `count`, `score` (how similar to the chosen one),
    most frequent first; `positions`: their [x, y].

    `chosen` is an id, `near` the ids most like it, most alike first. `axes`: the names of the
    two axes, empty where they mean nothing; `view` changes when the picture is another one, so
    that the zoom begins anew. `pointed` is the point the reader looks at here, `lit` the one
    looked at elsewhere (-2: none), `selected` those picked out. What one chooses goes to
    `on_choose` as an id, what one searches to `on_find` as text.
    """

    points = Json(default=[])
    positions = Json(default=[])
    chosen = param.Integer(default=-1)
    near = param.List(default=[], item_type=int)
    axes = param.List(default=[], item_type=str)
    view = param.String(default='')
    pointed = param.Integer(default=-2)
    lit = param.Integer(default=-2)
    selected = param.List(default=[], item_type=int)
    typed = param.String(default='', doc='The chosen word, as one would type it.')
    error = param.String(default='')
    note = param.String(default='', doc='What the selection says.')

    def __init__(self, on_choose: Callable[[int], None], on_find: Callable[[str], None], **params):
        super().__init__(**params)
        self._on_choose, self._on_find = on_choose, on_find

    def _handle_msg(self, data: dict) -> None:
        if 'choose' in data:
            self._on_choose(data['choose'])
        elif 'find' in data:
            self._on_find(data['find'])
