"""A text in the tokens of a vocabulary that grows and shrinks under the reader's hand."""

from collections.abc import Callable

import param

from pages.components import HERE, Component, Json, styles


class Pieces(Component):
    """`trees`: for each word drawn a list of merge trees, a tree being `[id, since]` or
    `[id, since, left, right]`; the module cuts them at `merges`, so that the slider needs no
    Python. `tokens`: id → `[as seen, bytes in hex]`.

    `limit` merges make a vocabulary of `vocab_size` tokens. `learnt`: for each merge `[left, right, token, count]`, as seen; count, how often the pair stood
    in the training text, may be None. `counts`: tokens of the whole text after 0, 1, … merges;
    empty while they are counted. `first` is the number of the first word drawn, `pinned` that of
    the chosen one or -1. `on_page` is called with the number of a page of the text.
    """

    trees = Json(default=[])
    tokens = Json(default={})
    learnt = Json(default=[])
    counts = Json(default=[])
    merges = param.Integer(default=0)
    limit = param.Integer(default=0)
    vocab_size = param.Integer(default=256)
    n_bytes = param.Integer(default=0)
    first = param.Integer(default=0)
    pinned = param.Integer(default=-1)
    page = param.Integer(default=0)
    pages = param.Integer(default=1)
    running = param.Boolean(default=False)
    notes = param.List(default=[], item_type=str)

    _esm = HERE / 'pieces.mjs'
    _stylesheets = styles('pieces.css')

    def __init__(self, on_page: Callable[[int], None], **params):
        super().__init__(**params)
        self._on_page = on_page

    def _handle_msg(self, data: dict) -> None:
        self._on_page(data['page'])
