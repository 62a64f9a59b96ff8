"""The walk all strategies share: from a chunk's start to its end, back by the overlap, again."""

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from minigpt.chunking.boundaries import word_border_after
from minigpt.chunking.graphemes import FIRST_MARK, border_after
from minigpt.chunking.ruler import Characters, Tokens
from minigpt.chunking.source import Source

Ruler = Characters | Tokens
# (start, floor, limit) -> (end, reason): the cut in (floor, limit] for the chunk that begins at
# start; floor is the end of the chunk before. An end ≤ floor says that none is there.
Choose = Callable[[int, int, int], tuple[int, str]]


class Spans(NamedTuple):
    """Chunks as columns: offsets and REASONS."""
    starts: list[int]
    ends: list[int]
    reasons: list[str]


def walk(source: Source, ruler: Ruler, choose: Choose,
         again: Callable[[int, int], int] | None = None,
         ahead: Callable[[int, int], Spans] | None = None) -> Spans:
    """Cut a text, not empty, into chunks of at most `ruler.size`, except for longer graphemes.

    `again(start, end)` says where, in (start, end], the chunk after [start, end) begins; without
    it, the overlap is at most `ruler.overlap`, in whole sentences or words. Starts and ends both
    rise; no chunk lies inside another. `ahead(start, floor)` gives the chunks from `start` on that
    `choose` and `again` would, as far as they are known without asking them; maybe none.
    """
    n, reach, size, overlap = len(source.text), ruler.reach, ruler.size, ruler.overlap
    if overlap and not again:
        again = repetition(source, ruler)
    measured = ruler.counts_tokens  # a limit in characters needs no second look
    starts, ends, reasons = spans = Spans([], [], [])
    start = end = 0
    while end < n:
        if ahead:
            known = ahead(start, end)
            for column, more in zip(spans, known):
                column += more
            if known.ends:
                end = ends[-1]
                start = again(starts[-1], end) if overlap else end
        floor, limit = end, reach(start, size)
        end, reason = choose(start, floor, limit) if limit < n else (n, 'end')
        if end <= floor or measured and not ruler.fits(start, end):
            start, end, reason = next_best(source, ruler, choose, start, floor)
        starts.append(start)
        ends.append(end)
        reasons.append(reason)
        start = again(start, end) if overlap else end
    return spans


def next_best(source: Source, ruler: Ruler, choose: Choose, start: int,
              floor: int) -> tuple[int, int, str]:
    """(start, end, reason) where the first choice does not do.

    The chunk becomes shorter until it fits; the overlap is given up where nothing new would fit
    beside it; a grapheme longer than a chunk is kept whole.
    """
    n, limit = len(source.text), ruler.reach(start, ruler.size)
    while True:
        end, reason = (n, 'end') if limit >= n else choose(start, floor, limit)
        if end > floor:
            if ruler.fits(start, end):
                return start, end, reason
            limit = ruler.shorter(end)
        elif start < floor:
            start, limit = floor, ruler.reach(floor, ruler.size)
        else:
            end = border_after(source.text, start + 1, start)
            return start, end, 'end' if end == n else 'size'


def repetition(source: Source, ruler: Ruler) -> Callable[[int, int], int]:
    """The usual `again`: repeat at most `ruler.overlap`.

    From the first sentence that begins in reach, else from the first word behind a space or
    other white space, else from the first grapheme.
    """
    text, sentences, back, overlap = source.text, source.sentence_list, ruler.back, ruler.overlap

    def again(start, end):
        earliest = back(end, overlap)
        if earliest <= start:
            earliest = start + 1
        if earliest >= end:
            return end
        sentence = sentences[bisect_left(sentences, earliest)]
        if sentence < end:
            return sentence
        word = word_start(text, earliest, end)
        return border_after(text, earliest, start) if word is None else word

    return again


def word_start(text: str, earliest: int, end: int) -> int | None:
    """The first word in [earliest, end) that begins behind white space, or None."""
    word = text.find(' ', earliest - 1, end - 1) + 1  # in most texts this is all it takes
    if word and ' ' < text[word] < FIRST_MARK:
        return word
    return word_border_after(text, earliest, end)
