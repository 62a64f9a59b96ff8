"""A few large figures that change while one looks, and how far the work has come."""

import param

from pages.components import Component, Json


class Readout(Component):
    """`figures`: dictionaries of `id`, `label`, `value` (finished text) and `about`, its meaning.

    `share` from 0 to 1 fills the bar; `state` is one short sentence, told to a screen reader when
    it changes, but at most every few seconds; `error` another, in its place of alarm. Words: `bar`.
    """

    figures = Json(default=[])
    share = param.Number(default=0)
    state = param.String(default='')
    error = param.String(default='')
