"""The exercises of the embeddings page: what its state must show."""

from collections.abc import Callable

from pages.embeddings.analogy import EXAMPLES
from pages.embeddings.words import read_word

MUCH_ALIKE = 0.6  # cosine


def chose(typed: str) -> Callable[..., bool]:
    """The word is the one chosen on the map."""
    return lambda page: page.map.chosen == read_word(typed)


def like_pair(page) -> bool:
    """Two different words, much alike, stand side by side."""
    compare = page.compare
    return (compare.other is not None and compare.other != page.map.chosen
            and compare.cosine > MUCH_ALIKE)


def bettered_analogy(page) -> bool:
    """A sum of the reader's own puts the expected word first, and without it it would not be."""
    part = page.analogy
    return (part.result is not None and part.typed not in EXAMPLES
            and not part.expected_is_given and part.result.expected_rank == 1
            and part.rank_without_sum() > 1)
