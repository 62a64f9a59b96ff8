"""A few short texts to fill in, each with what was made of it, and examples that fill them all."""

from collections.abc import Callable

import param

from pages.components import Component


class WordFields(Component):
    """`fields`: dictionaries of `id`, `label`, `value`, `note`, `error`, and `before`, a sign that
    stands in front of the field. `examples`: dictionaries of `label` and `values` by id.

    `on_type` is called with all values by id, after each key stroke.
    """

    fields = param.List(default=[], item_type=dict)
    examples = param.List(default=[], item_type=dict)
    wide = param.Boolean(default=False, doc='Fields for sentences, one below the other.')

    def __init__(self, on_type: Callable[[dict[str, str]], None], **params):
        super().__init__(**params)
        self._on_type = on_type

    def _handle_msg(self, data: dict) -> None:
        self._on_type({field['id']: data['values'].get(field['id'], '') for field in self.fields})
