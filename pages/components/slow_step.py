"""One update of a model, stage by stage, on a drawing of its blocks."""

import param

from pages.components import Component, Json


class SlowStep(Component):
    """`stations`: dictionaries of `id`, `label`, `kind` ('stream' or 'part'), `stream`, `adds`,
    `back`, `sends`, `gradient`, `change` (update ÷ weights) and `about`, lines by stage. `rows`:
    the batch, lists of dictionaries of `token`, `target`, `loss` and `about`. `facts`: what each
    stage says, with its numbers. `stage` counts from 0; the last one shows all.

    Words: `title`, `lead`, `stages` (names), `play`, `pause`, `next`, `previous`, `about`, `forth`,
    `back`, `gradient`, `change`, `weaker`, `batch`, `more`.
    """

    stations = Json(default=[])
    rows = Json(default=[])
    facts = Json(default=[])
    stage = param.Integer(default=5)
