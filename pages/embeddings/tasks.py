"""The exercises of the embeddings page: what its state must show."""

from pages.asked_word import asked_word
from pages.embeddings.analogy import EXAMPLES
from pages.embeddings.map import first_word
from pages.embeddings.words import read_word

MUCH_ALIKE = 0.6  # cosine


def word_to_find() -> str:
    return asked_word('menina', known=first_word())


def found_the_word(page) -> bool:
    """It is the one chosen on the map."""
    return page.map.chosen == read_word(word_to_find())


def like_pair(page) -> bool:
    """Two different words, much alike, stand side by side; not those that the page opens on."""
    compare = page.compare
    own = {'w', 'b'} & page.state().keys()
    return (bool(own) and compare.other is not None and compare.other != page.map.chosen
            and compare.cosine > MUCH_ALIKE)


def bettered_analogy(page) -> bool:
    """A sum of the reader's own puts the expected word first, and without it it would not be."""
    part = page.analogy
    return (part.result is not None and part.typed not in EXAMPLES
            and not part.expected_is_given and part.result.expected_rank == 1
            and part.rank_without_sum() > 1)
