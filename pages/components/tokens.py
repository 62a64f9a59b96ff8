"""A text as its tokens, each with a visible boundary."""

import param

from pages.components import Component, Json


class Tokens(Component):
    """`tokens`: dictionaries of `id`, `token` (visible text), `bytes` (hex), and for generated
    ones `probability` (what it was drawn with) and `picked`; the first `prompt_len` are given.

    `pinned` is the chosen position among the generated ones, -1 for none; one more than the last
    is the token to come. `shown` is the position the rest of the page speaks of. The first
    `forgotten` tokens were outside the model's context there.
    """

    tokens = Json(default=[])
    prompt_len = param.Integer(default=0)
    pinned = param.Integer(default=-1)
    shown = param.Integer(default=0)
    forgotten = param.Integer(default=0)
    running = param.Boolean(default=False)
    status = param.List(default=[], item_type=str)
    notes = param.List(default=[], item_type=str)
    announcement = param.String(default='')
