"""A text under a vocabulary that is still growing: the trees of its words, and counts for every n.

`minigpt.tokenizer.derivation` has the idea: one tree holds the encoding by each smaller vocabulary.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np

from minigpt.errors import TextError
from minigpt.tokenizer import BPETokenizer, Piece, token_counts
from minigpt.tokenizer.split import checked_text, split
from pages.lab import visible
from pages.tokenizer.strategies import PREVIEW, figures, shortened

PAGE_BYTES = 1000     # of text drawn at once: the more pieces, the slower the slider
LONGEST_WORD = 50_000  # bytes without a border; a longer word would keep the page waiting
BATCH = 500           # trees counted between two looks at the reader


class TextPieces:
    """`words` of a text, as the vocabulary's pattern cuts them, and how each came together.

    `special`: as in `BPETokenizer.encode`. After `counting`, `counts[n]` is the number of tokens
    after n merges, `frequency` counts the finished tokens, `pairs` the neighbours no merge joins.
    """

    def __init__(self, tokenizer: BPETokenizer, text: str, special: str = 'text'):
        self.tokenizer, self.text = tokenizer, checked_text(text)
        self._special = tokenizer.special_tokens if special == 'allow' else {}
        self.n_bytes = len(self.text.encode('utf-8'))
        self._trees: dict[str, list[Piece]] = {}
        self._returned: bool | None = None
        self.counts: list[int] = []
        self.frequency: Counter[int] = Counter()
        self.pairs: Counter[tuple[int, int]] = Counter()

    @functools.cached_property
    def words(self) -> list[str]:
        """The words in order, a special token being one of its own."""
        if not self._special:
            return split(self.text, self.tokenizer.pattern)
        names = sorted(self._special, key=len, reverse=True)
        parts = re.split(f'({"|".join(map(re.escape, names))})', self.text)
        return [word for part in parts
                for word in ([part] if part in self._special
                             else split(part, self.tokenizer.pattern))]

    def trees(self, word: str) -> list[Piece]:
        """How the tokens of one of the words came together."""
        if word in self._special:
            return [Piece(self._special[word])]
        if word not in self._trees:
            self._trees[word] = self.tokenizer.derive(word)
        return self._trees[word]

    def pages(self) -> list[tuple[int, int]]:
        """(first, behind last) word of each part that is drawn at once; at least one part."""
        starts, size = [0], 0
        for index, word in enumerate(self.words):
            size += len(word.encode('utf-8'))
            if size > PAGE_BYTES and index > starts[-1]:
                starts.append(index)
                size = len(word.encode('utf-8'))
        return list(zip(starts, [*starts[1:], len(self.words)]))

    def counting(self) -> Iterator[None]:
        """Take every word apart, some at a time, and fill the counts."""
        n_merges = len(self.tokenizer.merges)
        counts, waiting = np.zeros(n_merges + 1, np.int64), []
        for word, times in Counter(self.words).items():
            if word not in self._special and word not in self._trees:
                self._trees[word] = yield from self.tokenizer.deriving(word)
            trees = self.trees(word)
            self._count(trees, times)
            waiting += [(tree, times) for tree in trees]
            while len(waiting) >= BATCH:
                counts += token_counts(waiting[:BATCH], n_merges)
                del waiting[:BATCH]
                yield
        self.counts = (counts + token_counts(waiting, n_merges)).tolist()
        yield

    def _count(self, trees: list[Piece], times: int) -> None:
        ids = [tree.token_id for tree in trees]
        for token_id in ids:
            self.frequency[token_id] += times
        for pair in zip(ids, ids[1:]):
            self.pairs[pair] += times

    def first_ids(self, n_merges: int, how_many: int) -> list[int]:
        """The beginning of the text encoded by the first `n_merges` merges."""
        ids = (piece.token_id for word in self.words for tree in self.trees(word)
               for piece in tree.after(n_merges))
        return list(islice(ids, how_many))

    def row(self, n_merges: int) -> dict:
        """The figures of the first `n_merges` merges, as `pages.tokenizer.strategies.strategy_row`."""
        count = self.counts[n_merges]
        size = self.tokenizer.vocab_size - len(self.tokenizer.merges) + n_merges
        return figures('bpe', size, count, self.text) | {
            'exact': self.comes_back(), 'unknown': 0, 'rest': max(0, count - PREVIEW),
            'preview': [{'token': shortened(visible(i, self.tokenizer)), 'unknown': False}
                        for i in self.first_ids(n_merges, PREVIEW)]}

    def comes_back(self) -> bool:
        """Whether decoding gives the text again, byte for byte.

        Every piece is the sum of its parts, so this holds for all numbers of merges or for none.
        """
        if self._returned is None:
            ids = self.tokenizer.encode(self.text, 'allow' if self._special else 'text')
            self._returned = self.tokenizer.decode(ids) == self.text
        return self._returned


def check_words(words: list[str]) -> None:
    """TextError where a word is too long to be taken apart while somebody waits."""
    longest = max((len(word.encode('utf-8')) for word in set(words)), default=0)
    if longest > LONGEST_WORD:
        raise TextError('word_too_long', got=longest, longest=LONGEST_WORD)
