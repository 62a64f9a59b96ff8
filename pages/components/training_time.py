"""A slider over the moments of a training run that were kept, with play and a way to the end."""

from collections.abc import Callable

import param

from pages.components import Component


class TrainingTime(Component):
    """`moments`: updates, in order; the last may be None, an end of unknown length.

    `place`: the index of the moment looked at. `on_place` is called with another one that the
    reader chose. With no moments nothing is shown and no room taken.
    """

    moments = param.List(default=[])
    place = param.Integer(default=0)

    def __init__(self, on_place: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_place = on_place

    def _handle_msg(self, data: dict) -> None:
        if data.get('place') in range(len(self.moments)):
            self._on_place(data['place'])
