"""A part of a page that is made and computed once the reader opens it."""

import param
from panel.viewable import Children

from pages.components import Component


class Drawer(Component):
    """`objects` below a handle of `title` and `lead`; closed at first on every screen.

    While it is not `usable` they are not to be seen.
    """

    title = param.String(default='')
    lead = param.String(default='')
    open = param.Boolean(default=False)
    usable = param.Boolean(default=True)
    objects = Children(default=[])
