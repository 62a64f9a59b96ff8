"""Where the reader is: the ladder from the whole to one thing, each rung a button."""

from collections.abc import Callable

import param

from pages.components import Component


class Crumbs(Component):
    """`rungs`: dictionaries of `id` and `label`, the last one being where the reader is. A click on
    another goes to `on_go` as its id.
    """

    rungs = param.List(default=[], item_type=dict)

    def __init__(self, on_go: Callable[[str], None], **params):
        super().__init__(**params)
        self._on_go = on_go

    def _handle_msg(self, data: dict) -> None:
        self._on_go(str(data['go']))
