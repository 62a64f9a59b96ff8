"""The part of a chunked text that is on the screen, cut wherever a chunk begins or ends."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from minigpt.chunking import Chunk

CHARACTERS = 3000  # of one window, give or take a chunk
MOST = 120         # chunks in one window


@dataclass(frozen=True)
class Window:
    """text[begin:end], and which chunks begin in it: those from `first` to `last`."""
    begin: int
    end: int
    first: int
    last: int


def window_at(chunks: Sequence[Chunk], at: int) -> Window:
    """The window that begins with the chunk which holds an offset; `chunks` is not empty.

    It is CHARACTERS long or a little longer, unless the text ends or MOST chunks are in it.
    """
    first = max(0, bisect_right(chunks, at, key=lambda chunk: chunk.start) - 1)
    begin = chunks[first].start
    last = bisect_left(chunks, begin + CHARACTERS, key=lambda chunk: chunk.end)
    last = min(last, first + MOST - 1, len(chunks) - 1)
    return Window(begin, chunks[last].end, first, last)


def last_begin(chunks: Sequence[Chunk]) -> int:
    """Where the window begins that ends with the text, and is as long as one may be."""
    first = bisect_left(chunks, chunks[-1].end - CHARACTERS, key=lambda chunk: chunk.start)
    return chunks[max(0, min(first, len(chunks) - 1), len(chunks) - MOST)].start


def segments(chunks: Sequence[Chunk], begin: int, end: int) -> list[dict]:
    """text[begin:end] cut at every start and end of a chunk; joined, the texts are it again.

    `first`, `last`: the chunks that hold the segment; where they differ, it is repeated.
    `opens`, `closes`: the chunk that begins, or ends, exactly there, or −1.
    """
    text = chunks[0].source.text
    low = bisect_right(chunks, begin, key=lambda chunk: chunk.end)
    high = bisect_left(chunks, end, key=lambda chunk: chunk.start)
    cuts = {begin, end}.union(*((chunk.start, chunk.end) for chunk in chunks[low:high]))
    cuts = sorted(cut for cut in cuts if begin <= cut <= end)
    pieces = []
    for a, b in zip(cuts, cuts[1:]):
        first = bisect_right(chunks, a, key=lambda chunk: chunk.end)
        last = bisect_right(chunks, a, key=lambda chunk: chunk.start) - 1
        pieces.append({'text': text[a:b], 'first': first, 'last': last,
                       'opens': last if chunks[last].start == a else -1,
                       'closes': first if chunks[first].end == b else -1})
    return pieces


def described(chunk: Chunk, index: int, tokenizer) -> dict:
    """What the page says about one chunk; lengths in characters, tokens counted by themselves."""
    tokens = len(tokenizer.encode(chunk.text)) if chunk.n_tokens is None else chunk.n_tokens
    return {'index': index, 'start': chunk.start, 'end': chunk.end, 'characters': len(chunk),
            'tokens': tokens, 'overlap': chunk.overlap, 'density': chunk.density,
            'bits': chunk.density * len(chunk), 'edges': list(chunk.edges),
            'quality': chunk.boundary_quality, 'reason': chunk.reason}


def neighbours(chunks: Sequence[Chunk], index: int) -> list[dict]:
    """A chunk between the one before and the one after: index and text of each.

    `shared`: characters at its beginning that the one before it in this list also has.
    """
    return [{'index': i, 'text': chunks[i].text, 'shared': chunks[i].overlap}
            for i in range(max(0, index - 1), min(len(chunks), index + 2))]
