"""The words of a page: each a button that opens its one-sentence note."""

import param

from pages.components import Component, Json


class Glossary(Component):
    """`entries`: dictionaries of `key`, `term` and `note`; one note is open at a time."""

    entries = Json(default=[])
    opened = param.String(default='', doc='Key of the open note, empty for none.')
