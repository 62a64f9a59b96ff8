"""The way from logits to one next token: a column per stage, a row per candidate."""

from collections.abc import Callable

import param

from pages.components import HERE, Component, Json, styles


class Candidates(Component):
    """`table` is `pages.candidates.candidate_rows`; `before` the text in front of the token.

    `on_pick` is called with the id of a candidate the reader writes on with, `on_more` when more
    rows are wanted.
    """

    table = Json(default={})
    before = param.String(default='')
    summary = param.String(default='')

    _esm = HERE / 'candidates.mjs'
    _stylesheets = styles('candidates.css')

    def __init__(self, on_pick: Callable[[int], None], on_more: Callable[[], None], **params):
        super().__init__(**params)
        self._on_pick, self._on_more = on_pick, on_more

    def _handle_msg(self, data: dict) -> None:
        if 'pick' in data:
            self._on_pick(data['pick'])
        elif 'more' in data:
            self._on_more()
