"""A guided tour: a button that begins it, and a bar that tells of one part after another."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class Tour(Component):
    """`stops`: dictionaries of `key` and `said`, in order; a part of the page has the CSS class
    `stop-<key>`.

    `place` is the stop where the reader is, -1 outside the tour; `on_place` is called before it
    changes.
    """

    stops = Json(default=[])
    place = param.Integer(default=-1)

    def __init__(self, on_place: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_place = on_place

    def _handle_msg(self, data: dict) -> None:
        place = data.get('place')
        if place not in range(-1, len(self.stops)):
            return
        if place >= 0:
            self._on_place(place)
        self.place = place
