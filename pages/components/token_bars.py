"""A text as its tokens, each under a bar of how surprised the model was."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class TokenBars(Component):
    """`tokens`: dictionaries of `token` (visible text), `given` (part of the prompt), and for all
    but the first `bits` (its surprise) and `entropy` (the surprise to be expected), in bits.

    `shown` is the index that the rest of the page speaks of. `on_choose` gets the index of a
    token that is chosen here.
    """

    tokens = Json(default=[])
    shown = param.Integer(default=-1)

    def __init__(self, on_choose: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_choose = on_choose

    def _handle_msg(self, data: dict) -> None:
        self._on_choose(data['choose'])
