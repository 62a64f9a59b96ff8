"""The exercises of the lessons page: what the record of the lessons must show."""

from pages.lessons import record

QUICK = {'analysis', 'visualisation', 'comparison'}  # answered with a number or a word


def told_one(page) -> bool:
    """A story was told to its end."""
    return any(record.STORY in marks for marks in record.every().values())


def solved_three(page) -> bool:
    """The three questions of one lesson are answered."""
    return any(marks >= QUICK for marks in record.every().values())


def mended_one(page) -> bool:
    """A planted mistake was found."""
    return any('debugging' in marks for marks in record.every().values())
