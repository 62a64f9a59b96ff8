"""A button that saves a file which Python makes at that moment."""

import base64
from collections.abc import Callable

import param

from pages.components import Component


class Download(Component):
    """`make()` gives the file's name and its content, text or bytes, when the button is pressed.

    Words: `button`, `saved` with the blank {name}, and where wanted `title` and `about`. A
    `reason` disables the button and is its description.
    """

    reason = param.String(default='')

    def __init__(self, make: Callable[[], tuple[str, str | bytes]], **params):
        super().__init__(**params)
        self._make = make

    def _handle_msg(self, data: dict) -> None:
        name, content = self._make()
        if isinstance(content, str):
            content = content.encode('utf-8', 'replace')
        self._send_msg({'name': name, 'base64': base64.b64encode(content).decode('ascii')})
