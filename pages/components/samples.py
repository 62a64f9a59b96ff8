"""Texts that a model wrote at moments of its training, the newest first."""

import param

from pages.components import Component, Json


class Samples(Component):
    """`samples`: dictionaries of `step`, `head` (what stands above the text), `given` and `text`,
    in the order of training; `pinned` is the step of the one marked, −1 for none.

    Words: `title`, `lead`, `empty`.
    """

    samples = Json(default=[])
    pinned = param.Number(default=-1)
