"""One transformer block as a diagram: a band for the residual stream, a card for each part."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class Block(Component):
    """`block`: a dictionary of
      `stops`  the band: dictionaries of `norm` and `before` (the norm with all parts on)
      `most`   the norm whose band is as wide as there is room
      `mark`   a round norm, drawn as the scale of the band
      `parts`  the cards in the order of the data: dictionaries of `key`, `kind` ('stream', 'norm',
               'heads', 'projection', 'add', 'mlp'), `title`, `lines`, `about` (the formula with its
               values), and where there is such a thing `switch` (its name) and `on`; `from` and
               `to` (stops between which the band runs below it), `ribbon` (the norm of what comes
               down into the band) and its `hue`; `heads` (dictionaries of `name`, `switch`, `on`,
               `value`, `part` from 0 to 1, `about`); `cells` (activations, from 0 to 1)
      `whole`  more switches, of the whole model: dictionaries of `name`, `switch`, `on`

    `chosen` is the key of the part the reader pinned. `on_switch(name)` is called for a switch;
    without it, there are none. `outcome` is a sentence about what came of it. `upright`: the band
    runs downwards however much room there is.
    """

    block = Json(default={'stops': [], 'parts': [], 'whole': [], 'most': 1, 'mark': 1})
    chosen = param.String(default='')
    outcome = param.String(default='')
    choosable = param.Boolean(default=True)
    switchable = param.Boolean(default=True)
    upright = param.Boolean(default=False)

    def __init__(self, on_switch: Callable[[str], None] | None = None, **params):
        super().__init__(switchable=bool(on_switch), **params)
        self._on_switch = on_switch

    def _handle_msg(self, data: dict) -> None:
        if self._on_switch:
            self._on_switch(data['switch'])
