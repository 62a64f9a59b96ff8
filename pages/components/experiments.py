"""Experiments as one sentence with words to click, and what the last one showed."""

from collections.abc import Callable

import param

from pages.components import Component


class Experiments(Component):
    """`sentence` has a blank `{key}` for each entry of `labels`; `result` is what was found.

    `on_choose` is called with the key of the word clicked.
    """

    sentence = param.String(default='')
    labels = param.Dict(default={})
    chosen = param.String(default='')
    result = param.List(default=[], item_type=str)

    def __init__(self, on_choose: Callable[[str], None], **params):
        super().__init__(**params)
        self._on_choose = on_choose

    def _handle_msg(self, data: dict) -> None:
        self._on_choose(data['choose'])
