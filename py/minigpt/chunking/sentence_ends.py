"""Where sentences and paragraphs end, in Portuguese, English and most other languages.

A sentence ends behind . ! ? … and the quotes or brackets that close with it, where white space
follows and then no small letter:

    "Olá." Ele riu.          ends behind the first dot's quote
    — Vamos! — disse ela.    goes on: behind the dash comes a small letter
    O Dr. Lima pagou 3.500.  goes on behind "Dr." (abbreviations.py) and inside the number

It also ends at a blank line, and at a line break before a list item or a speaker's dash. The white
space behind a sentence is part of it, so that the sentences joined are the text. Where a dot is
doubtful the sentence goes on: two sentences in one chunk do less harm than half a sentence.
"""

import functools
import re

import numpy as np

from minigpt.chunking.abbreviations import BEFORE_NUMBER, LONGEST, NEVER_END
from minigpt.chunking.characters import (
    CLOSE, FULL_STOP, LETTER, LOWER, NEWLINE, OPEN, SPACE, SPACES, STOP, of_kind, skip)
from minigpt.chunking.graphemes import FIRST_MARK, joins

Array = np.ndarray

DOT = ord('.')
DASHES = np.array([ord(char) for char in '—–―'], np.uint16)
ITEM = re.compile(r'(?:[-*+•‣◦·▪>]|#{1,6}|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s')
ITEM_STARTS = np.array([ord(char) for char in '-*+•‣◦·▪>#(0123456789'], np.uint16)
LINE_NUMBER = re.compile(r'(?:^|[\n\r])[ \t]*\(?\d{1,3}$')
LEADING = re.compile(f'[{SPACES}]*')


def sentence_and_paragraph_ends(text: str, codes: Array, signs: Array) -> tuple[Array, Array]:
    """Two sorted int64 arrays of offsets, the second a part of the first; both end with len(text).

    `codes` is `code_points(text)`, `signs` is `signs(codes)`. For the empty text both are empty.
    """
    there = codes.take(signs)
    stops = signs.compress(of_kind(STOP).take(there))
    lines = signs.compress(of_kind(NEWLINE).take(there))
    blank, items = ends_at_lines(text, codes, lines)
    content = LEADING.match(text).end()  # white space at the very beginning is no sentence

    def tidy(ends):
        ends = np.append(ends.compress(ends > content), len(text))
        ends = ends.compress(np.diff(ends, prepend=0) > 0)  # each once; none for the empty text
        return whole(text, ends, codes)

    ends = np.concatenate([ends_at_stops(text, codes, stops), blank, items])
    ends.sort(kind='stable')  # quick on rising runs
    return tidy(ends), tidy(blank)


def whole(text: str, ends: Array, codes: Array) -> Array:
    """The ends that do not fall inside a grapheme (a mark may follow a space)."""
    tied = may_join()
    doubtful = ends.compress(tied.take(codes.take(ends)) | tied.take(codes.take(ends - 1)))
    inside = [end for end in doubtful.tolist() if end < len(text) and joins(text, end)]
    return ends[~np.isin(ends, inside)] if inside else ends


@functools.cache
def may_join() -> Array:
    """(65536,) bool: False at code points that only CR LF or a mark beside them ties to others."""
    table = np.arange(65536) >= ord(FIRST_MARK)
    table[0x2010:0x2028] = False  # dashes, quotes and the ellipsis, which stand at many ends
    return table


def ends_at_stops(text: str, codes: Array, stops: Array) -> Array:
    """Offsets behind a stop, its closing marks and the white space that follows."""
    stops = stops.compress(np.diff(stops, append=len(codes)) > 1)  # of "?!" or "..." the last one
    after = skip(codes, stops + 1, CLOSE, most=4)
    begin = skip(codes, after, SPACE)
    spaced = (begin > after) | of_kind(FULL_STOP).take(codes.take(stops))
    stops, after, begin = (at.compress(spaced) for at in (stops, after, begin))
    first = skip(codes, begin, OPEN | SPACE, most=4)
    ends = ~of_kind(LOWER).take(codes.take(first))
    bare = np.flatnonzero(ends & (codes.take(stops) == DOT) & (after == stops + 1)
                          & (codes.take(stops - 1) != DOT))
    ends[bare] = ~goes_on(text, codes, stops.take(bare), first.take(bare))
    return begin.compress(ends)


def goes_on(text: str, codes: Array, dots: Array, first: Array) -> Array:
    """Bool: which single dots belong to an abbreviation, an initial or a number in a list.

    `first` is the index of the first letter, digit or other sign behind the dot.
    """
    third, second, last = (codes.take(dots - back) for back in (3, 2, 1))
    letter = of_kind(LETTER)
    result = letter.take(last) & ~letter.take(second)  # an initial
    third *= letter.take(third)
    likely = np.flatnonzero(abbreviation_endings().take(ending(third, second, last)))
    numbered = is_digit(codes[first])
    lengths = run_of_letters(codes, dots[likely], LONGEST + 1)
    short = lengths <= LONGEST
    likely, lengths = likely.compress(short), lengths.compress(short)
    for i, dot, length in zip(likely.tolist(), dots[likely].tolist(), lengths.tolist()):
        word = text[dot - length:dot]
        if word in NEVER_END or word in BEFORE_NUMBER and numbered[i]:
            result[i] = True
    numbers = np.flatnonzero(is_digit(last))
    for i, dot in zip(numbers.tolist(), dots[numbers].tolist()):
        result[i] = LINE_NUMBER.search(text, max(0, dot - 12), dot) is not None
    return result


def run_of_letters(codes: Array, at: Array, most: int) -> Array:
    """How many letters stand right before each index, counted up to `most`."""
    run, going = np.zeros(len(at), np.int64), np.ones(len(at), bool)
    for back in range(1, most + 1):
        going &= of_kind(LETTER)[codes[at - back]]
        run += going
    return run


@functools.cache
def abbreviation_endings() -> Array:
    """(65536,) bool: True at the `ending` of each abbreviation: only such words are looked up."""
    table = np.zeros(65536, bool)
    for word in NEVER_END | BEFORE_NUMBER:
        table[ending(*map(ord, word[-3:].rjust(3, '\0')))] = True
    return table


def ending(third, second, last):
    """A number below 65536 from the last three letters of a word; NUL where it has but two."""
    return (third * 1031 + second * 257 + last * 4099) & 0xFFFF


def is_digit(codes: Array) -> Array:
    return codes - np.uint16(48) < 10


def ends_at_lines(text: str, codes: Array, lines: Array) -> tuple[Array, Array]:
    """Offsets where a paragraph begins after a blank line; where a list item or speech begins.

    `lines` are the indices of all line breaks.
    """
    breaks = codes.take(lines)
    one = (breaks != 13) | (codes.take(lines + 1) != 10)  # CR LF is one line break
    lines, breaks = lines.compress(one), breaks.compress(one)
    first = skip(codes, lines + 1, SPACE, but=NEWLINE)  # past the indent
    blank = of_kind(NEWLINE).take(codes.take(first)) | (breaks == 12) | (breaks == 0x2029)
    rest = first.compress(~blank)
    begins = codes.take(rest)
    items = rest.compress(np.isin(begins, ITEM_STARTS) | (codes.take(rest + 1) == ord(')')))
    items = [at for at in items.tolist() if ITEM.match(text, at)]
    speeches = rest.compress(np.isin(begins, DASHES))
    return (skip(codes, first.compress(blank), SPACE),
            np.concatenate([np.array(items, np.int64), speeches]))
