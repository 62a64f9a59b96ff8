"""A text and a corpus read with one vocabulary, and the figures that are known of both so far.

    vocabulary ──▶ pieces of the text ──▶ counts for every number of merges
        │                                          │
        └──▶ rivals, trained on the corpus ──▶ rows of figures, one a strategy
"""

from collections.abc import Iterator

from minigpt.errors import MinigptError
from pages.tokenizer.strategies import ORDER, strategy_row
from pages.tokenizer.text_pieces import TextPieces, check_words
from pages.tokenizer.vocabulary_in_use import VocabularyInUse

SMALL = 20_000  # characters counted at once; a longer text is counted while it is read


class Reading:
    """`error`: what is wrong with the text, which is then read as empty. `strategy_rows`: figures
    by the name of the strategy, of those that are measured."""

    def __init__(self, tokenizer, corpus: str):
        self.tokenizer = tokenizer
        self.vocabulary = VocabularyInUse(tokenizer, corpus)
        self.take('', 'text')

    @property
    def limit(self) -> int:
        """How many merges the vocabulary has so far."""
        return len(self.tokenizer.merges)

    def take(self, text: str, special: str) -> None:
        """Read another text; a short one is counted at once."""
        self.error, self.strategy_rows = None, {}
        try:
            self.pieces = TextPieces(self.tokenizer, text, special)
            check_words(self.pieces.words)
        except MinigptError as error:
            self.error = error
            self.pieces = TextPieces(self.tokenizer, '')
        if len(self.pieces.text) <= SMALL:
            for _ in self.pieces.counting():
                pass

    def grow(self, tokenizer, special: str) -> None:
        """Read the same text with a vocabulary that has grown; nothing is counted yet."""
        self.tokenizer = tokenizer
        self.pieces = TextPieces(tokenizer, self.pieces.text, special)

    def measure(self, merges: int, names: tuple[str, ...] = ORDER) -> None:
        """The figures of those strategies that are trained and not measured yet; of the
        vocabulary, with its first `merges` merges, anew."""
        if not self.pieces.text:
            return
        for name in names:
            if name == 'bpe':
                self.strategy_rows[name] = self.pieces.row(merges)
            elif name in self.vocabulary.rivals and name not in self.strategy_rows:
                self.strategy_rows[name] = strategy_row(
                    name, self.vocabulary.rivals[name], self.pieces.text)

    def measuring(self, merges: int) -> Iterator[None]:
        """Measure what is missing, a strategy at a time."""
        for name in ORDER:
            if name not in self.strategy_rows:
                self.measure(merges, (name,))
                yield
