"""The line being typed into the console, its history and its completions."""

from collections.abc import Callable

import param

from pages.components import Component


class ConsoleInput(Component):
    """`busy` while code runs; `greeting` is shown until something was run.

    `on_message` gets `{'run': source}`, `{'complete': text before the cursor}`, `{'stop'}` or
    `{'clear'}`; it answers with `{'taken': source}`, `{'more': source}` or
    `{'completions', 'start', 'of'}`. What was run is kept in the browser, for the next visit too.
    Stop also raises the window's event `minigpt:interrupt`, a new start `minigpt:restart`.
    """

    busy = param.Boolean(default=False)
    greeting = param.String(default='')

    def __init__(self, on_message: Callable[[dict], None], **params):
        super().__init__(**params)
        self._on_message = on_message

    def _handle_msg(self, data: dict) -> None:
        self._on_message(data)
