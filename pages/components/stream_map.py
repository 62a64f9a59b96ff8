"""The residual stream through the whole model, block by block; one block is chosen."""

import param

from pages.components import Component, Json


class StreamMap(Component):
    """`blocks`: dictionaries of `name`, `norms` (of the stream where it enters, between attention
    and MLP, and where it leaves), `before` (the same with all parts on), `said` (what the model
    would say after it) and `off` (how many of its parts are). `most` is the norm whose band fills
    the height. `chosen` is an index. Words: `title`, `off` ({count}).
    """

    blocks = Json(default=[])
    most = param.Number(default=1)
    chosen = param.Integer(default=0)
