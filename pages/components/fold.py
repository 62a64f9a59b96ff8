"""Controls under one handle: open on a wide screen, closed on a phone."""

import param
from panel.viewable import Children

from pages.components import Component


class Fold(Component):
    """`objects` are shown below a handle named `label`. One that never `opens` by itself waits for
    a click on a wide screen, too."""

    label = param.String(default='')
    opens = param.Boolean(default=True)
    objects = Children(default=[])
