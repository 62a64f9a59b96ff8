"""A text painted in numbered chunks: where each begins and ends, what repeats, and why it ends."""

import param
from panel.viewable import Child

from pages.components import Component, Json


class ChunkText(Component):
    """`picture` holds the window's `segments` and `chunks` as `pages.chunking.window` makes them.

    `pinned` is the index of the chunk looked at, −1 for none; `near` are it and its neighbours.
    `count`: chunks in all. `totals` and `legend` are lines above the text; a legend entry has
    `reason`, `said` and `times`. `busy` tells what is being waited for. `written_in` is the text's
    language as a BCP 47 tag, empty where nobody knows. `below`: what stands under the chunk's card.
    """

    picture = Json(default={'segments': [], 'chunks': []})
    near = Json(default=[])
    pinned = param.Integer(default=-1)
    count = param.Integer(default=0)
    title = param.String(default='')
    totals = param.List(default=[], item_type=str)
    legend = Json(default=[])
    busy = param.String(default='')
    written_in = param.String(default='')
    below = Child(default=None)
