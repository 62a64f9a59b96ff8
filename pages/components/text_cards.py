"""Texts side by side, each on a card with its figures."""

import param

from pages.components import Component, Json


class TextCards(Component):
    """`cards`: dictionaries of `title`, `note`, `before` and `text` (what was given, and what
    followed), and `figures`: triples of a name, the written value and whether it is the best of
    its kind. A card whose text is still empty says that it waits.
    """

    title = param.String(default='')
    cards = Json(default=[])
