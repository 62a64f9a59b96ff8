"""A vocabulary to search and to leaf through."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class VocabularyTable(Component):
    """`rows`: `pages.tokenizer.vocabulary_rows.on_screen`; Python searches, sorts and pages.

    `search`, `sort` and `descending` follow the reader; `on_page` and `on_token` are called with a
    page of the table and with the id of a token pressed.
    """

    rows = Json(default=[])
    search = param.String(default='')
    sort = param.String(default='id')
    descending = param.Boolean(default=False)
    page = param.Integer(default=0)
    pages = param.Integer(default=1)
    summary = param.String(default='')

    def __init__(self, on_page: Callable[[int], None], on_token: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_page, self._on_token = on_page, on_token

    def _handle_msg(self, data: dict) -> None:
        if 'page' in data:
            self._on_page(data['page'])
        elif 'token' in data:
            self._on_token(data['token'])
