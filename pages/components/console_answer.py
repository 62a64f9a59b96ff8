"""One command of the console and what came of it."""

import param

from pages.components import Component, Json


class ConsoleAnswer(Component):
    """`source` as typed. `parts`: `[kind, text]`, in order; kinds are 'out' (printed), 'value' and
    'error'. `cut` says what is not shown, `took` how long it took.
    """

    source = param.String(default='')
    parts = Json(default=[])
    running = param.Boolean(default=True)
    cut = param.String(default='')
    took = param.String(default='')
