"""The lessons by level, each with what is done of it: a table of contents."""

from pages.components import Component, Json


class LessonList(Component):
    """`levels`: dictionaries of `title` and `lessons`, whose entries have `href`, `page`, `title`,
    `said` (what is done, in words), `count` (the same in short), `done` (share) and `is_here`.

    Words: `title`, `progress` (all that is done). Under one handle, open on a wide screen.
    """

    levels = Json(default=[])
