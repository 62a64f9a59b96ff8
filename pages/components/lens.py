"""What a model would say at each stop of the residual stream, and what each part did for a word."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class Lens(Component):
    """`rows`, in the order of the data: dictionaries of `key`, `name`, `kind` ('stream', 'norm',
    'attn', 'mlp'), `words` (the likeliest, dictionaries of `word` and `share`), `target` (the share
    of the word explained), `direct` (what the part added to its logit, or None), `without` (its
    share with the part off: None while unknown, absent where there is no such thing) and `about`.

    `bound`: the largest direct contribution, either way. `chosen` is a key; `on_choose(key)` is
    called for a row. Words: `columns` (`where`, `words`, `target`, `direct`, `without`), `legend`,
    `wait`.
    """

    title = param.String(default='')
    lead = param.String(default='')
    rows = Json(default=[])
    bound = param.Number(default=1)
    chosen = param.String(default='')

    def __init__(self, on_choose: Callable[[str], None], **params):
        super().__init__(**params)
        self._on_choose = on_choose

    def _handle_msg(self, data: dict) -> None:
        self._on_choose(data['choose'])
