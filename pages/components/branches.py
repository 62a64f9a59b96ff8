"""A tree of texts that begin alike: each on its own line, below the place where it parts."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class Branches(Component):
    """`rows`, in drawing order: dictionaries of `index`, `depth`, `column` (letters before the
    place where it parts from its parent), `from` (tokens before it), `tokens` after it (`token`,
    `picked`), `figures` (in words), `place` (where it parts, in words), and `current`.

    `on_go(index, token)` is called for a branch to be shown at one of its tokens (−1: where it
    parts), `on_remove(index)` for one to be forgotten.
    """

    title = param.String(default='')
    lead = param.String(default='')
    rows = Json(default=[])

    def __init__(self, on_go: Callable[[int, int], None], on_remove: Callable[[int], None],
                 **params):
        super().__init__(**params)
        self._on_go, self._on_remove = on_go, on_remove

    def _handle_msg(self, data: dict) -> None:
        if 'remove' in data:
            self._on_remove(data['remove'])
        else:
            self._on_go(data['go'], data['at'])
