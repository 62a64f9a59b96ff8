"""A box for the reader's own text, with a button and a drop zone for a file."""

from collections.abc import Callable

import param

from pages.components import Component


class OwnTextBox(Component):
    """`text` is the own text in use where it fits the box; what is being typed is not touched.

    `in_use` tells of the text in use, `said` of what the reader just did; `refused` marks an
    error. `on_message` gets `{'use'}`, `{'file', 'base64'}`, `{'too_big', 'size'}`,
    `{'unreadable'}` or `{'shipped'}`. `limit`: bytes of a file.
    """

    text = param.String(default='')
    own = param.Boolean(default=False)
    in_use = param.String(default='')
    said = param.String(default='')
    refused = param.Boolean(default=False)
    limit = param.Integer(default=0)

    def __init__(self, on_message: Callable[[dict], None], **params):
        super().__init__(**params)
        self._on_message = on_message

    def _handle_msg(self, data: dict) -> None:
        self._on_message(data)
