"""A text as an array of code points, and what kind of character each one is.

Python looks at one character at a time, NumPy at a million in a fraction of a millisecond. So
boundaries are looked for in arrays, and only a few doubtful places in the text itself.
"""

import functools
import re

import numpy as np

from minigpt.chunking.grapheme_table import MARKS
from minigpt.tokenizer.unicode_tables import LETTERS

Array = np.ndarray

# Kinds, as bits of one byte. Marks (accents of their own) count as letters.
SPACE, NEWLINE, STOP, FULL_STOP, CLOSE, OPEN, LETTER, LOWER = (1 << i for i in range(8))

# White space that a line may break at: no-break spaces (U+00A0, U+2007, U+202F) hold what they
# stand between ("Sr.\u00a0Lima", "10\u00a0km").
SPACES = ('\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006'
          '\u2008\u2009\u200a\u200b\u2028\u2029\u205f\u3000')
NEWLINES = '\n\x0b\x0c\r\u2028\u2029'
STOPS = '.!?…‼‽⁇⁈⁉؟۔։।॥።။៕'
FULL_STOPS = '。！？｡．'        # no space follows these
CLOSING = '"\'”’»›)]}*_」』）】》'
OPENING = '"\'“‘„«‹([{*_¿¡—–-―「『（【《'
BLOCK = 1 << 17                  # characters at a time, since small arrays come cheaper
PAD = 8                          # characters past the end that may be asked for; all NUL, no kind


@functools.cache
def kinds() -> Array:
    """(65536,) uint8: the kinds of each code point; all those beyond count as U+FFFF, no kind."""
    table = np.zeros(65536, np.uint8)
    for kind, characters in ((SPACE, SPACES), (NEWLINE, NEWLINES), (STOP, STOPS + FULL_STOPS),
                             (FULL_STOP, FULL_STOPS), (CLOSE, CLOSING), (OPEN, OPENING)):
        table[[ord(char) for char in characters]] |= kind
    for first, last in re.findall(r'(.)(?:-(.))?', LETTERS + MARKS, re.DOTALL):
        table[ord(first):min(ord(last or first), 0xFFFF) + 1] |= LETTER
    table[[code for code in range(65536) if chr(code).islower()]] |= LOWER
    return table


def code_points(text: str) -> Array:
    """(len(text) + PAD,) uint16: the code points, those beyond U+FFFF as U+FFFF, then NULs.

    One array index is one index of the text, whatever it holds. An index a little below 0 meets
    the NULs too.
    """
    codes = np.zeros(len(text) + PAD, np.uint16)
    for first in range(0, len(text), BLOCK):
        block = text[first:first + BLOCK]
        narrow = np.frombuffer(block.encode('utf-16-le', 'surrogatepass'), '<u2')
        if len(narrow) > len(block):  # something beyond U+FFFF takes two
            wide = np.frombuffer(block.encode('utf-32-le', 'surrogatepass'), '<u4')
            narrow = np.minimum(wide, 0xFFFF)
        codes[first:first + len(block)] = narrow
    return codes


def signs(codes: Array) -> Array:
    """(R,) int64, rising: where one of ".!?", a control character or one from U+0580 on stands.

    Few in European texts, they hold all stops, all line breaks and all spaces but " ".
    """
    found = []
    for first in range(0, len(codes), BLOCK):
        block = codes[first:first + BLOCK]
        sign = block - np.uint16(0x20) >= 0x0560  # codes below 0x20 wrap round
        for stop in b'.!?':
            sign |= block == stop
        found.append(np.flatnonzero(sign) + first)
    return np.concatenate(found)


def skip(codes: Array, at: Array, kind: int, but: int = 0, most: int | None = None) -> Array:
    """Each index moved past the characters of a kind that stand there (at most `most` of them).

    Characters that are also of the kind `but` are not passed.
    """
    passed = of_kind(kind, but)
    moved = passed.take(codes.take(at))
    at, pending = at + moved, np.flatnonzero(moved)
    for _ in range((most or 8) - 1):
        there = at.take(pending)
        moved = passed.take(codes.take(there))
        pending = pending.compress(moved)
        at[pending] = there.compress(moved) + 1
    if most is None and len(pending):  # long runs: look all remaining borders up at once
        others = np.flatnonzero(~passed[codes])
        at[pending] = others[np.searchsorted(others, at[pending])]
    return at


@functools.cache
def of_kind(kind: int, but: int = 0) -> Array:
    """(65536,) bool: the code points that are of the kind and not of the kind `but`."""
    return (kinds() & kind != 0) & (kinds() & but == 0)
