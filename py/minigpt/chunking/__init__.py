"""Cut long texts into chunks: fixed, by sentences, by topic, sliding, overlapping, adaptive."""

from minigpt.chunking.chunk import REASONS, Chunk
from minigpt.chunking.chunker import chunk
from minigpt.chunking.quality import Quality, quality
from minigpt.chunking.source import Source
from minigpt.chunking.strategies import STRATEGIES

__all__ = ['Chunk', 'Quality', 'REASONS', 'STRATEGIES', 'chunk', 'quality', 'sentences']


def sentences(text: str) -> list[str]:
    """The sentences of a text with the white space behind each; joined they are the text.

    >>> sentences('O Dr. Lima saiu. Choveu!')
    ['O Dr. Lima saiu. ', 'Choveu!']
    """
    return Source(text).sentences()
