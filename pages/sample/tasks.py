"""The exercises of the sample page: what its state must show."""

from pages.sample.settings import EXAMPLES

ENOUGH = 6  # chunks; among fewer, coming first says little


def reached_the_end(page) -> bool:
    """The scanner has passed over the whole text."""
    return bool(page.text) and page.position >= len(page.text)


def split_the_answer(page) -> bool:
    """A cut fell inside the answer, and no chunk has it whole."""
    return page.answers.is_split


def both_found(page) -> bool:
    """A question of the reader's own: model and words put the chunk with its answer first."""
    answers = page.answers
    asked = {question for question, _ in EXAMPLES.values()}
    return (len(page.chunks) >= ENOUGH and page.question.strip() not in asked
            and page.answer.strip().casefold() not in page.question.casefold()
            and answers.rank('cosine') == answers.rank('bits') == 1)
