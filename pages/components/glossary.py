"""The words of a page: each a button that opens its one-sentence note."""

import param

from pages.components import Component, Json, module, styles


class Glossary(Component):
    """`entries`: dictionaries of `key`, `term` and `note`; one note is open at a time."""

    entries = Json(default=[])
    opened = param.String(default='', doc='Key of the open note, empty for none.')

    _esm = module('glossary.mjs')
    _stylesheets = styles('part.css', 'glossary.css')
