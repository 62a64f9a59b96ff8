"""Who looks at whom: a text twice, and between the two the attention as ribbons."""

from collections.abc import Callable

import numpy as np
import param

from pages.components import Component, Json, Numbers


class Ribbons(Component):
    """`tokens` (T) look at each other with `weights` (T, T); NaN is a token out of sight.

    Each token's attention is a band of one width, which splits: a ribbon is as wide as its weight.
    Where the text does not fit side by side, it stands in two columns.

    `query` is the token whose ribbons are shown while none is pointed at; `key` is one of those it
    looks at, -1 for none. What a click or Enter chooses goes to `on_choose(query, key)`;
    `tell(query, key)` gives the formula of a weight looked at.
    """

    title = param.String(default='')
    tokens = Json(default=[])
    weights = Numbers(default=np.zeros((0, 0), np.float32))
    query = param.Integer(default=-1)
    key = param.Integer(default=-1)

    def __init__(self, tell: Callable[[int, int], str], on_choose: Callable[[int, int], None],
                 **params):
        super().__init__(**params)
        self._tell, self._on_choose = tell, on_choose

    def _handle_msg(self, data: dict) -> None:
        """The reader chose, or looks at a ribbon: then the answer is its formula. The text it is of
        may be gone.
        """
        query, key = data.get('choose') or data['look']
        there = max(query, key) < len(self.weights)
        if 'look' in data:
            self._send_msg({'look': [query, key], 'said': self._tell(query, key) if there else ''})
        elif there:
            self._on_choose(query, key)
