"""The word that an exercise asks about: ours, or one that the reader's own text has often."""

import functools
from collections import Counter

from minigpt.tokenizer.split import split
from pages.lab import lab, shipped_lab

LOOKED_AT = 300_000  # characters of the text in use
LETTERS = 5          # that a word of one's own text has, where it has such words
FEWEST = 2           # times it stands there


def asked_word(ours: str, known: str = '') -> str:
    """`ours` where the text in use has it, else the text's most frequent word but `known`; '' where
    no word but a single letter comes twice.
    """
    corpus = lab().corpus
    if corpus is shipped_lab().corpus:
        return ours
    found = _words(corpus[:LOOKED_AT])
    words = [it for it, times in found.most_common() if times >= FEWEST and it != known]
    if ours in words:
        return ours
    long = (it for it in words if len(it) >= LETTERS)
    return next(long, next((it for it in words if len(it) > 1), ''))


@functools.lru_cache(maxsize=1)
def _words(text: str) -> Counter:
    """How often each word stands in the text with a space before it."""
    return Counter(it[1:] for it in split(text) if it[0] == ' ' and it[1:].isalpha())
