"""The way through the pages, from the first to the hardest, with what is done."""

import param

from pages.components import Component


class Path(Component):
    """`levels`: dictionaries of `title`, `about` and `pages`, whose entries have `page`, `href`,
    `title`, `about`, `state` ('', 'seen' or 'done'), `said` (its state in words), `done` (share).
    """

    levels = param.List(default=[], item_type=dict)
