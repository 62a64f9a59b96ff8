"""A chunk: a stretch of a text, and what can be said about it."""

from minigpt.chunking.boundaries import EDGE_QUALITY, edge
from minigpt.chunking.source import Source

# Why a chunk ends where it does.
REASONS = ('size',       # it was full
           'word',       # it was nearly full, and a word ended
           'clause',     # nearly full, behind a comma, semicolon, colon or dash
           'line',       # nearly full, at a line break
           'sentence',   # a sentence ended
           'paragraph',  # a paragraph ended
           'topic',      # the words change here: lowest cohesion in reach
           'density',    # it tells as much as the others
           'end')        # the text ended


class Chunk:
    """text[start:end] of the text it was cut from; `start` and `end` count Python characters.

    `overlap`: characters at its beginning that the chunk before also has.
    `reason`: why it ends there, one of REASONS.
    `n_tokens`: its length in tokens, or None where it was measured in characters.
    """

    __slots__ = ('source', 'start', 'end', 'overlap', 'reason', 'n_tokens')

    def __init__(self, source: Source, start: int, end: int, overlap: int, reason: str,
                 n_tokens: int | None = None):
        self.source = source
        self.start = start
        self.end = end
        self.overlap = overlap
        self.reason = reason
        self.n_tokens = n_tokens

    @property
    def text(self) -> str:
        return self.source.text[self.start:self.end]

    def __len__(self) -> int:
        """Characters."""
        return self.end - self.start

    @property
    def density(self) -> float:
        """Bits per character: Σ −log₂ p(word) ÷ characters, over the words that start in it.

        p is the word's share of all words of the whole text, so that rare words tell more
        (Shannon 1948, "A mathematical theory of communication").
        """
        bits = self.source.bits_before(self.end) - self.source.bits_before(self.start)
        return float(bits) / len(self)

    @property
    def edges(self) -> tuple[str, str]:
        """What its two ends fall between: keys of EDGE_QUALITY."""
        return edge(self.source, self.start), edge(self.source, self.end)

    @property
    def boundary_quality(self) -> float:
        """0 (both ends inside a word) to 1 (both between paragraphs): mean of EDGE_QUALITY."""
        first, last = self.edges
        return (EDGE_QUALITY[first] + EDGE_QUALITY[last]) / 2

    def __repr__(self) -> str:
        return f'Chunk({self.start}:{self.end}, {self.reason!r}, {self.text!r})'
