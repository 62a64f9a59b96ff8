"""What a lesson says at one step: paragraphs, tables, bars and texts, never as markup."""

import param

from pages.components import Component, Json


class LessonStep(Component):
    """`blocks`, in order, are dictionaries with a `kind`:

        text      `pieces`: pairs of kind ('', 'strong', 'em', 'code') and text
        verbatim  `text`, lines as they are; `prose` where long lines may break
        table     `head` and `rows` of finished texts, `sides`: 'l' or 'r' for each column
        bars      `rows`: dictionaries of `label`, `said` and `share` of the longest, 0 to 1
        links     `said` and `links`: dictionaries of `page`, `href`, `label`

    Words: `table` and `bars`, what such a thing is called for a screen reader. `busy`: it is being
    computed.
    """

    blocks = Json(default=[])
    busy = param.Boolean(default=False)
