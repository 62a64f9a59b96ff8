"""Words as vectors: which tokens a typed word is, how often tokens occur, how a vector is shown."""

import functools
import re
from dataclasses import dataclass

import numpy as np

from minigpt.embeddings import mean_vector
from minigpt.errors import EmbeddingError
from pages.lab import lab, visible

Array = np.ndarray
COUNTED = 300_000   # characters of the corpus whose tokens are counted
LONGEST_WORD = 200  # characters that are read as one word
FEWEST = 10         # whole words, below which the map shows all tokens


@dataclass(frozen=True)
class Word:
    """One or more tokens that stand for a word."""
    ids: tuple[int, ...]

    @property
    def key(self) -> int:
        """What the pictures know it by: its token id, or -1 for a word of several."""
        return self.ids[0] if len(self.ids) == 1 else -1

    @property
    def label(self) -> str:
        """Its tokens as a reader sees them, `+` between them."""
        return '+'.join(visible(i) for i in self.ids)

    @property
    def plain(self) -> str:
        """What one would type to get it: bare, or in quotes where a bare word would be another."""
        written = lab().tokenizer.decode(list(self.ids))
        bare = written.strip()
        if not written.isprintable():  # no key types it
            return self.label
        return bare if bare and read_word(bare) == self else f'"{written}"'

    def vector(self, table: Array) -> Array:
        """(V, C) -> (C,): its row, or the mean of its tokens' rows."""
        return mean_vector(table, self.ids)


def read_word(typed: str) -> Word:
    """The tokens of a word as it stands within a text, with a space before it, or without one
    where that takes fewer tokens. In quotes it is taken letter by letter, spaces too; `·` is a
    space. EmbeddingError for nothing.
    """
    typed = typed[:LONGEST_WORD].replace('·', ' ')
    encode = lab().tokenizer.encode
    if quoted := re.fullmatch(r'\s*["“](.+)["”]\s*', typed, re.DOTALL):
        return Word(tuple(encode(quoted[1])))
    bare = typed.strip()
    if not bare:
        raise EmbeddingError('no_tokens')
    return Word(tuple(min(encode(f' {bare}'), encode(bare), key=len)))


@dataclass(frozen=True)
class Counts:
    """How often each token occurs in a text: anywhere, and as a whole word."""
    anywhere: Array  # (V,)
    as_word: Array   # (V,)


def counts() -> Counts:
    """Of the lab's corpus, or its beginning where it is long."""
    return _counts(lab().tokenizer, lab().corpus[:COUNTED])


@functools.lru_cache(maxsize=2)
def _counts(tokenizer, corpus: str) -> Counts:
    V = tokenizer.vocab_size
    pieces = [tokenizer.token_bytes(i).decode('utf-8', 'replace') for i in range(V)]
    begins = np.array([it.startswith(' ') and it[1:].isalpha() for it in pieces])
    goes_on = np.array([it[:1].isalpha() or it[:1] == '\N{REPLACEMENT CHARACTER}' for it in pieces])
    ids = np.array(tokenizer.encode(corpus), np.int64)
    whole = ids[:-1][begins[ids[:-1]] & ~goes_on[ids[1:]]]
    return Counts(np.bincount(ids, minlength=V), np.bincount(whole, minlength=V))


def frequent(kind: str, count: int) -> tuple[Array, bool]:
    """The most frequent token ids, and whether they are whole words: 'words', unless the text has
    hardly any, or 'all'.
    """
    counted = counts()
    if kind == 'words' and np.count_nonzero(counted.as_word) >= FEWEST:
        order = np.argsort(-counted.as_word, kind='stable')
        return order[:min(count, np.count_nonzero(counted.as_word))], True
    return np.argsort(-counted.anywhere, kind='stable')[:count], False
