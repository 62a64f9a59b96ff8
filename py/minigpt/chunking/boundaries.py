"""Where a text may be cut near a given place, and how good a cut is."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from minigpt.chunking.characters import NEWLINES, SPACES
from minigpt.chunking.graphemes import border_before, joins
from minigpt.chunking.source import Source

# What a cut falls between, from best to worst; an order given as numbers, not a measurement.
EDGE_QUALITY = {'text': 1.0, 'paragraph': 1.0, 'sentence': 0.8, 'line': 0.6, 'clause': 0.5,
                'word': 0.3, 'inside': 0.0}
WHITE_SPACE = re.compile(f'[{SPACES}]+')
LOOK_BACK = 32  # characters of white space that are looked at for a line break
CLAUSE_MARKS = frozenset(',;:—–)]…、，；：')


def edge(source: Source, at: int) -> str:
    """What a cut at an offset falls between: a key of EDGE_QUALITY ('inside': inside a word)."""
    text = source.text
    if at in (0, len(text)):
        return 'text'
    if at in source.paragraph_set:
        return 'paragraph'
    if at in source.sentence_set:
        return 'sentence'
    if text[at - 1] not in SPACES:
        return 'word' if text[at] in SPACES else 'inside'
    return edge_at_space(text, at)


def edge_at_space(text: str, at: int) -> str:
    """'line', 'clause' or 'word', for an offset behind white space."""
    first = at
    while max(0, at - LOOK_BACK) < first and text[first - 1] in SPACES:
        first -= 1
        if text[first] in NEWLINES:
            return 'line'
    return 'clause' if first and text[first - 1] in CLAUSE_MARKS else 'word'


def last_within(ends: Sequence[int], floor: int, limit: int) -> int | None:
    """The last of the rising `ends` in (floor, limit], or None."""
    i = bisect_right(ends, limit)
    return ends[i - 1] if i and ends[i - 1] > floor else None


def sentence_cut(source: Source, start: int, floor: int, limit: int) -> tuple[int, str]:
    """(offset, reason): behind the last whole sentence that fits, else inside the one that does not.

    At `floor`, giving up the overlap, where only half a sentence would fit beside it.
    """
    ends = source.sentence_list
    i = bisect_right(ends, limit)
    end = ends[i - 1] if i else 0
    if end > floor:
        return end, 'paragraph' if end in source.paragraph_set else 'sentence'
    if start < floor:
        return floor, ''
    return cut_inside_sentence(source, start, floor, limit)


def word_border_before(source: Source, floor: int, limit: int) -> int | None:
    """The last offset in (floor, limit] behind white space, or None."""
    text, best = source.text, floor
    while True:
        for char in source.breaks:  # each search only where it could beat the last
            best = max(best, text.rfind(char, best, limit) + 1)
        if best <= floor:
            return None
        if best == len(text) or not joins(text, best):
            return best
        limit, best = best - 1, floor


def word_border_after(text: str, first: int, end: int) -> int | None:
    """The first offset in [first, end) where white space ends, or None; first > 0."""
    run = WHITE_SPACE.search(text, first - 1, end)
    if run is None or run.end() == end or joins(text, run.end()):
        return None
    return run.end()


def cut_inside_sentence(source: Source, start: int, floor: int, limit: int) -> tuple[int, str]:
    """(offset, reason): the best cut in (floor, limit] where no sentence ends.

    A line break or the end of a clause in the second half, else the last word, else the last
    grapheme. The offset is ≤ floor where not even one whole grapheme fits.
    """
    word = word_border_before(source, floor, limit)
    if word is None:
        return border_before(source.text, limit, start), 'size'
    half, at = floor + (limit - floor) // 2, word
    while at is not None and at > half:
        level = edge_at_space(source.text, at)
        if level != 'word':
            return at, level
        at = word_border_before(source, half, at - 1)
    return word, 'word'
