"""A text in the tokens of a vocabulary that grows and shrinks under the reader's hand."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class Pieces(Component):
    """`drawing` crosses as one, so that trees are never seen beside another text's tokens:

    `trees`, for each word drawn a list of merge trees, a tree being `[id, since]` or
    `[id, since, left, right]`; the module cuts them at `merges`, so that the slider needs no
    Python. `tokens`, id → `[as seen, bytes in hex]`. `limit` merges make a vocabulary of
    `vocab_size` tokens; `learnt` has for each `[left, right, token, count]`, as seen; count, how
    often the pair stood in the training text, may be None. `counts`, tokens of the whole text
    after 0, 1, … merges, empty while they are counted; `n_bytes`, its bytes. `first`, the number
    of the first word drawn. `page` of `pages`, the part of a long text.

    `pinned` is the number of the chosen word or -1. `on_page` is called with a page wanted.
    """

    drawing = Json(default={'trees': [], 'tokens': {}, 'learnt': [], 'counts': [], 'limit': 0,
                            'vocab_size': 256, 'n_bytes': 0, 'first': 0, 'page': 0, 'pages': 1})
    merges = param.Integer(default=0)
    pinned = param.Integer(default=-1)
    running = param.Boolean(default=False)
    notes = param.List(default=[], item_type=str)

    def __init__(self, on_page: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_page = on_page

    def _handle_msg(self, data: dict) -> None:
        self._on_page(data['page'])
