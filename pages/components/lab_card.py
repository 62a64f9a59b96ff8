"""The lab in use at a glance, and its file: open, save, back to the shipped one."""

import base64
from collections.abc import Callable

import param

from pages.components import Component


class LabCard(Component):
    """`facts`: dictionaries of `name` and `value`, already written in the page's language.

    `about`: sentences on where model and text come from. `buttons`: id → reason why it is off,
    '' for one that is on ('open', 'save', 'back'). `said` is good news, `error` bad. The reader's
    file goes to `on_open(data, name)`; `save(data, name)` puts one on the reader's disk.
    """

    facts = param.List(default=[], item_type=dict)
    about = param.List(default=[], item_type=str)
    buttons = param.Dict(default={})
    said = param.String(default='')
    error = param.String(default='')

    def __init__(self, on_open: Callable[[bytes, str], None], on_press: Callable[[str], None],
                 **params):
        super().__init__(**params)
        self._on_open, self._on_press = on_open, on_press

    def save(self, data: bytes, name: str) -> None:
        """Offer the bytes as a download of that name."""
        self._send_msg({'name': name, 'base64': base64.b64encode(data).decode('ascii')})

    def _handle_msg(self, data: dict) -> None:
        if 'press' in data:
            self._on_press(data['press'])
        else:
            self._on_open(base64.b64decode(data['base64']), data['name'])
