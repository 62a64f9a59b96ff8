"""The runs so far: how each differs, how it went, and which are drawn."""

from collections.abc import Callable

from pages.components import Component, Json


class RunsTable(Component):
    """`rows`: dictionaries of `id`, `name`, `dash`, `shown`, `present`, `removable`, `differs`
    (in words), `steps`, `loss` and `verdict`, finished texts. The `present` one is always drawn.

    `on_change` gets `{'id', 'name'}`, `{'id', 'shown'}`, `{'id', 'remove'}` or `{'id', 'use'}`.
    Words: `title`, `lead`, `empty`, `columns`, `show`, `rename`, `remove`, `use`.
    """

    rows = Json(default=[])

    def __init__(self, on_change: Callable[[dict], None], **params):
        super().__init__(**params)
        self._on_change = on_change

    def _handle_msg(self, data: dict) -> None:
        self._on_change(data)
