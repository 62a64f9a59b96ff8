"""Chunks ranked for a question, in a column for each measure, with the words that count marked."""

from pages.components import Component, Json


class AnswerLists(Component):
    """`lists`: dictionaries of `id`, `title`, `lead`, `hue` and `rows`; a row has `rank`, `label`,
    `value` (as written), `part` (the bar, a fraction of 1), `mark` (about the answer, or empty),
    `about` (how the score came to be) and `pieces`: `[text, kind]`, kind '', 'word', 'answer' or
    'both'.
    """

    lists = Json(default=[])
