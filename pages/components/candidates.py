"""The way from logits to one next token: a column per stage, a row per candidate."""

from collections.abc import Callable

from pages.components import Component, Json


class Candidates(Component):
    """One token's `table`: `pages.inference.candidates.candidate_rows`, and beside the rows

    `index`, the place of the token among those written; `before`, the text in front of it;
    `summary`, what the table says in words. They cross as one, so that no row is ever seen beside
    another token's heading. `on_pick` is called with a place and the id of the candidate the
    reader wants there, `on_more` when more rows are wanted.
    """

    table = Json(default={})

    def __init__(self, on_pick: Callable[[int, int], None], on_more: Callable[[], None], **params):
        super().__init__(**params)
        self._on_pick, self._on_more = on_pick, on_more

    def _handle_msg(self, data: dict) -> None:
        if 'pick' in data:
            self._on_pick(data['index'], data['pick'])
        elif 'more' in data:
            self._on_more()
