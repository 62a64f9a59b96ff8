"""The tokenizer page's exercises: what counts as done."""

from minigpt.tokenizer import Piece
from pages.asked_word import asked_word
from pages.exercises import near

LONG = 6  # letters that a word of the second exercise has at least


def went_back_to_bytes(page) -> bool:
    """No merge is applied: every byte stands alone."""
    return bool(page.pieces.text) and page.merges == 0 and page.limit > 0


def one_long_token(page) -> bool:
    """The text is one word of enough letters, and one token."""
    word = page.pieces.text.strip()
    return (word.isalpha() and len(word) >= LONG and page.merges == page.limit
            and bool(page.pieces.counts) and page.pieces.counts[-1] == 1)


def word_to_complete() -> str:
    return asked_word('coração')


def knows_when_it_is_one(page, text: str) -> bool:
    """The merge that makes that word one token, in a vocabulary of one's own."""
    trees: list[Piece] = page.tokenizer.derive(f' {word_to_complete()}')
    return page.own and len(trees) == 1 and near(text.replace('#', ''), trees[0].since, 0)
