"""Probabilities before and after a change, as pairs of bars."""

import param

from pages.components import Component, Json


class Shift(Component):
    """`rows`: dictionaries of `label`, `before` and `after`, fractions of 1; without a change
    (`changed` false) only `before` is drawn. `said` is what happened, in a sentence.
    """

    title = param.String(default='')
    rows = Json(default=[])
    changed = param.Boolean(default=False)
    said = param.String(default='')
