"""All chunks of a text in one strip per strategy, and the way through them."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class ChunkMap(Component):
    """`rows`: dictionaries of `said`, the row in words, and either `cuts` (shares of the text, where
    chunks begin) or `bins` (how many begin in each of equal stretches).

    `begin` and `end` are the window's place as shares of the text, `place` the same in words.
    `more_before` and `more_after` tell whether there is more text. `on_move` gets a share of the
    text, or 'back' or 'on'.
    """

    rows = Json(default=[])
    begin = param.Number(default=0)
    end = param.Number(default=1)
    place = param.String(default='')
    more_before = param.Boolean(default=False)
    more_after = param.Boolean(default=False)

    def __init__(self, on_move: Callable[[float | str], None], **params):
        super().__init__(**params)
        self._on_move = on_move

    def _handle_msg(self, data: dict) -> None:
        self._on_move(data['move'])
