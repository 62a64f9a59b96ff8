"""What the scanner meets on its way through a text, for the picture: pieces, ends, chunks, bits."""

import functools
from dataclasses import dataclass

import numpy as np

from minigpt.chunking import Chunk, chunk
from minigpt.chunking.source import Source

LONGEST = 2000  # characters of an excerpt


@functools.lru_cache(1)
def excerpts(corpus: str) -> list[Chunk]:
    """The corpus in stretches short enough to scan; whole paragraphs, as far as they fit.

    minigpt's own chunks, of course.
    """
    return chunk(corpus, 'sentence', LONGEST, 0, preserve_paragraphs=True)


@dataclass(frozen=True)
class SoFar:
    """What is known once the scanner has passed the first `characters`."""
    characters: int
    sentences: int
    chunks: int
    mean: float      # characters of a chunk; 0 where there is none yet
    density: float   # bits per character


def so_far(text: str, chunks: list[Chunk], position: int) -> SoFar:
    """The live figures at a position of the scanner."""
    source = chunks[0].source if chunks else Source(text)
    sizes = [len(it) for it in chunks if it.end <= position]
    bits = float(source.bits_before(position))
    return SoFar(position, int(np.searchsorted(source.sentence_ends, position, 'right')),
                 len(sizes), sum(sizes) / len(sizes) if sizes else 0.0,
                 bits / position if position else 0.0)


def scanned(text: str, chunks: list[Chunk]) -> dict:
    """All that the picture needs, so that moving the scanner asks Python for nothing.

    `pieces`: the text cut wherever something may begin or end, each with `text`, `start`, `end`,
    `shared` (in two chunks or more) and `mark`: a sentence ends behind it, at this offset, or −1.
    `sentences`: their ends. `chunks`: `[start, end, overlap]`. `bits`: what the words starting
    before each offset tell, (length + 1).
    """
    source = chunks[0].source if chunks else Source(text)
    sentences = source.sentence_list if text else []
    marks = {seen_end(text, end): end for end in [*sentences, *(it.end for it in chunks)]}
    cuts = sorted({0, len(text), *marks, *sentences, *(it.start for it in chunks),
                   *(it.end for it in chunks)})
    holders = np.zeros(len(text) + 1, int)
    for it in chunks:
        holders[it.start:it.end] += 1
    bits = source.bits_before(np.arange(len(text) + 1)) if text else np.zeros(1)
    return {'pieces': [{'text': text[a:b], 'start': a, 'end': b, 'shared': bool(holders[a] > 1),
                        'mark': marks.get(b, -1)} for a, b in zip(cuts, cuts[1:])],
            'sentences': sentences, 'length': len(text),
            'chunks': [[it.start, it.end, it.overlap] for it in chunks],
            'bits': np.round(bits, 2).tolist()}


def seen_end(text: str, end: int) -> int:
    """Where the letters before an offset end: a mark stands there, not on the next line."""
    return len(text[:end].rstrip()) or end
