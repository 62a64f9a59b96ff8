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
ITEM = re.compile(r'(?:[-*+•‣◦·▪>]|#{1,6}|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s|[—–―]')
ITEM_STARTS = np.array([ord(char) for char in '-*+•‣◦·▪>#(—–―0123456789'], np.uint16)
LINE_NUMBER = re.compile(r'(?:^|[\n\r])[ \t]*\(?\d{1,3}$')
LEADING = re.compile(f'[{SPACES}]*')


def sentence_and_paragraph_ends(text: str, codes: Array,
                                others: Array) -> tuple[Array, Array]:
    """Two sorted int64 arrays of offsets, the second a part of the first; both end with len(text).

    `codes` is `code_points(text)`, `others` is `rare(codes)`. For the empty text both are empty.
    """
    blank, items = ends_at_lines(text, codes, others)
    content = LEADING.match(text).end()  # white space at the very beginning is no sentence

    def tidy(ends):
        ends = np.append(ends[ends > content], len(text))
        ends = ends[np.diff(ends, prepend=0) > 0]  # each once; none for the empty text
        return whole(text, ends, codes)

    ends = np.concatenate([ends_at_stops(text, codes, others), blank, items])
    ends.sort(kind='stable')  # quick on three rising runs
    return tidy(ends), tidy(blank)


def whole(text: str, ends: Array, codes: Array) -> Array:
    """The ends that do not fall inside a grapheme (a mark may follow a space)."""
    doubtful = ends[(codes[ends] >= ord(FIRST_MARK)) | (codes[ends - 1] >= ord(FIRST_MARK))]
    inside = [end for end in doubtful.tolist() if end < len(text) and joins(text, end)]
    return ends[~np.isin(ends, inside)] if inside else ends


def ends_at_stops(text: str, codes: Array, others: Array) -> Array:
    """Offsets behind a stop, its closing marks and the white space that follows."""
    stops = last_stops(codes, others)
    after = skip(codes, stops + 1, CLOSE, most=4)
    begin = skip(codes, after, SPACE)
    spaced = (begin > after) | of_kind(FULL_STOP)[codes[stops]]
    stops, after, begin = stops[spaced], after[spaced], begin[spaced]
    first = skip(codes, begin, OPEN | SPACE, most=4)
    ends = ~of_kind(LOWER)[codes[first]]
    bare = np.flatnonzero(ends & (codes[stops] == DOT) & (after == stops + 1)
                          & (codes[stops - 1] != DOT))
    ends[bare] = ~goes_on(text, codes, stops[bare], first[bare])
    return begin[ends]


def last_stops(codes: Array, others: Array) -> Array:
    """The index of every stop, of "?!" or "..." the last one; `others` is `rare(codes)`."""
    is_stop = codes == DOT
    is_stop |= codes == ord('!')
    is_stop |= codes == ord('?')
    is_stop[others] = of_kind(STOP)[codes[others]]
    stops = np.flatnonzero(is_stop)
    return stops[~is_stop[stops + 1]]


def goes_on(text: str, codes: Array, dots: Array, first: Array) -> Array:
    """Bool: which single dots belong to an abbreviation, an initial or a number in a list.

    `first` is the index of the first letter, digit or other sign behind the dot.
    """
    last, before_last = codes[dots - 1], codes[dots - 2]
    letter = of_kind(LETTER)
    result = letter[last] & ~letter[before_last]  # an initial
    likely = np.flatnonzero(abbreviation_endings()[ending(before_last, last)])
    numbered = is_digit(codes[first])
    lengths = run_of_letters(codes, dots[likely], LONGEST + 1)
    for i, dot, length in zip(likely.tolist(), dots[likely].tolist(), lengths.tolist()):
        if length <= LONGEST:
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
        table[ending(ord(word[-2]), ord(word[-1]))] = True
    return table


def ending(before_last, last):
    """A number below 65536 from two letters."""
    return (before_last * 257 + last * 4099) & 0xFFFF


def is_digit(codes: Array) -> Array:
    return codes - np.uint16(48) < 10


def ends_at_lines(text: str, codes: Array, others: Array) -> tuple[Array, Array]:
    """Offsets where a paragraph begins after a blank line; where a list item or speech begins."""
    newline = of_kind(NEWLINE)
    lines = others[newline[codes[others]]]
    lines = lines[(codes[lines] != 13) | (codes[lines + 1] != 10)]  # CR LF is one line break
    first = skip(codes, lines + 1, SPACE, but=NEWLINE)  # past the indent
    blank = newline[codes[first]] | (codes[lines] == 12) | (codes[lines] == 0x2029)
    rest = first[~blank]
    item = np.isin(codes[rest], ITEM_STARTS) | (codes[rest + 1] == ord(')'))
    items = [at for at in rest[item].tolist() if ITEM.match(text, at)]
    return skip(codes, first[blank], SPACE), np.array(items, np.int64)
