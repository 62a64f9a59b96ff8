"""What the reader has done of the lessons, as kept in the lab's settings, which the browser saves:
lesson → 'story', once it was told to its end, and the kinds of its exercises that are solved.
"""

from minigpt.teach.exercises import KINDS
from minigpt.teach.lesson import LESSONS
from pages import lab

STORY = 'story'
MARKS = (STORY, *KINDS)  # that a lesson can have


def done(lesson: str) -> set[str]:
    """The marks of one lesson."""
    return _kept().get(lesson, set())


def every() -> dict[str, set[str]]:
    """The marks of each lesson that has some."""
    return _kept()


def remember(lesson: str, mark: str) -> None:
    """This too is done."""
    kept = _kept()
    if mark not in kept.get(lesson, ()):
        kept[lesson] = kept.get(lesson, set()) | {mark}
        _keep(kept)


def forget(lesson: str) -> None:
    """Nothing of this lesson is done."""
    _keep({name: marks for name, marks in _kept().items() if name != lesson})


def _keep(kept: dict[str, set[str]]) -> None:
    written = {name: [mark for mark in MARKS if mark in kept[name]]
               for name in LESSONS if name in kept}
    lab.change(settings=lab.lab().settings | {'lessons': written})


def _kept() -> dict[str, set[str]]:
    """What the lab keeps, whoever wrote its file."""
    kept = lab.lab().settings.get('lessons')
    if not isinstance(kept, dict):
        return {}
    marks = {name: {mark for mark in MARKS if isinstance(of, list) and mark in of}
             for name, of in kept.items() if name in LESSONS}
    return {name: of for name, of in marks.items() if of}
