"""How a text is cut on the chunking page: what is asked for, and what came of it."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from minigpt.chunking import Chunk, Quality, Source, chunk, quality
from minigpt.chunking.graphemes import border_before

AMOUNTS = (3000, 10_000, 100_000)  # characters of a long text that may be looked at alone
DEAR = 300_000                     # characters; cutting more takes longer than a frame…
DEAR_IN_TOKENS = 10_000            # …and so does counting the tokens of as many


@dataclass(frozen=True)
class Request:
    """Arguments of `minigpt.chunking.chunk`; `overlap` in the unit of `size`."""
    size: int
    overlap: int
    in_tokens: bool = False
    preserve_sentences: bool = False
    preserve_paragraphs: bool = False

    def cut(self, text: str | Source, strategy: str, tokenizer) -> list[Chunk]:
        return chunk(text, strategy, self.size, self.overlap,
                     tokenizer if self.in_tokens else None,
                     preserve_sentences=self.preserve_sentences,
                     preserve_paragraphs=self.preserve_paragraphs)

    def is_dear(self, text: str) -> bool:
        """Whether cutting takes so long that the page must not stand still for it."""
        return len(text) > (DEAR_IN_TOKENS if self.in_tokens else DEAR)


@dataclass(frozen=True)
class Cutting:
    """The chunks that one strategy made of a text, and their figures."""
    strategy: str
    request: Request
    text: str
    chunks: list[Chunk]

    @cached_property
    def quality(self) -> Quality | None:
        """None where there is no chunk."""
        return quality(self.chunks) if self.chunks else None

    @cached_property
    def reasons(self) -> Counter:
        """How often chunks end for which reason."""
        return Counter(chunk.reason for chunk in self.chunks)

    @cached_property
    def characters(self) -> int:
        """Of all chunks together: what is repeated counts each time."""
        return sum(map(len, self.chunks))

    @cached_property
    def bits(self) -> float:
        """What all chunks together tell: each one's density by its length, of all at once."""
        if not self.chunks:
            return 0.0
        before = self.chunks[0].source.bits_before
        first, last = (np.array(it) for it in zip(*((it.start, it.end) for it in self.chunks)))
        return float((before(last) - before(first)).sum())

    @property
    def sizes(self) -> list[int]:
        """In the unit that was asked for."""
        return [len(it) if it.n_tokens is None else it.n_tokens for it in self.chunks]


def excerpt(text: str, amount: int) -> str:
    """The first `amount` characters at most, to the end of a paragraph, else of a sentence.

    The whole text where `amount` is 0 or reaches its end.
    """
    if not 0 < amount < len(text):
        return text
    source = Source(text[:amount])
    for ends in (source.paragraph_list, source.sentence_list):
        whole = [end for end in ends if amount * 0.8 < end < amount]
        if whole:
            return text[:whole[-1]]
    return text[:border_before(text, amount)]
