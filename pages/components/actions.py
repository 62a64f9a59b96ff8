"""A row of buttons."""

from collections.abc import Callable

import param

from pages.components import Component


class Actions(Component):
    """`buttons`: dictionaries of `id`, `label`, `primary` and `reason`.

    A reason disables the button and is its description. `on_press` is called with the id.
    """

    buttons = param.List(default=[], item_type=dict)

    def __init__(self, on_press: Callable[[str], None], **params):
        super().__init__(**params)
        self._on_press = on_press

    def _handle_msg(self, data: dict) -> None:
        pressed = data['press']
        if any(it['id'] == pressed and not it.get('reason') for it in self.buttons):
            self._on_press(pressed)
