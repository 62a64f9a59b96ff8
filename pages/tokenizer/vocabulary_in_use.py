"""The vocabulary a page speaks of: its tokens, its corpus, and its rivals from the same corpus."""

from collections.abc import Iterator

from pages.tokenizer.strategies import QUICK, trained, training
from pages.tokenizer.text_pieces import TextPieces
from pages.tokenizer.vocabulary_rows import vocabulary_rows


class VocabularyInUse:
    """`rows` are its tokens as a table; `corpus` has counts once `counting` is through; `rivals`
    holds the other strategies' tokenizers, the quick ones from the start."""

    def __init__(self, tokenizer, corpus: str):
        self.tokenizer = tokenizer
        self.corpus = TextPieces(tokenizer, corpus)
        self.rivals = {name: trained(name, corpus, tokenizer.vocab_size)
                       for name in QUICK if corpus}
        self.rows = vocabulary_rows(tokenizer, None)

    @property
    def n_merges(self) -> int:
        return len(self.tokenizer.merges)

    def training_rivals(self) -> Iterator[str]:
        """Train the strategies that are still missing; none where the corpus has no word."""
        if self.corpus.text.strip():
            yield from training(self.corpus.text, self.tokenizer.vocab_size, self.rivals)

    def counting(self) -> Iterator[None]:
        """Count the tokens of the corpus."""
        if not self.corpus.counts:
            yield from self.corpus.counting()
            self.rows = vocabulary_rows(self.tokenizer, self.corpus.frequency)
