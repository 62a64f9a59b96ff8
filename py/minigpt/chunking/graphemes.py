"""What a reader sees as one character: never cut between an "e" and the accent that follows it.

A grapheme may be several code points: a letter and its combining marks, a family of emoji held by
zero-width joiners, a flag of two regional indicators, a Korean syllable, CR LF. The rules are
those of Unicode Standard Annex #29 (extended grapheme clusters), simplified to keep together, here
and there, a little more than it asks.
"""

import re

from minigpt.chunking.grapheme_table import MARKS

# Marks, zero-width (non-)joiner, skin tones, tags, Thai and Lao AM, Hangul vowels and finals.
FOLLOWS = re.compile(
    f'[{MARKS}\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u0e33\u0eb3\uff9e\uff9f'
    '\u1160-\u11ff\ud7b0-\ud7fb]')
# Signs that belong to what comes after them, as the Arabic number sign does.
PRECEDES = re.compile(
    '[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e'
    '\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a\U00011a84-\U00011a89'
    '\U00011d46\U00011f02]')
# Viramas, which bind two consonants into one in Indic scripts.
BINDS = re.compile('[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d\u1039\u17d2\u1a60\u1b44\u1bab\ua9c0\uaaf6'
                   '\U00010a3f\U00011133\U0001193e\U00011a47\U00011a99\U00011f42\U000113d0]')
CONTROLS = '\x7f\x85\u2028\u2029'
JOINER = '\u200d'
FIRST_MARK = '\u0300'  # below it only CR LF holds together


def joins(text: str, at: int, floor: int = 0) -> bool:
    """Whether text[at - 1] and text[at] are one grapheme, for 0 < at < len(text).

    `floor` is a known border at or before `at`: flags are counted off in pairs from there.
    """
    before, after = text[at - 1], text[at]
    if before < FIRST_MARK and after < FIRST_MARK:
        return before == '\r' and after == '\n'
    if before < ' ' or after < ' ' or before in CONTROLS or after in CONTROLS:
        return False
    if FOLLOWS.match(after) or PRECEDES.match(before):
        return True
    if before == JOINER:
        return not after.isspace()
    return (after >= '\u0900' and after.isalpha() and bound_by_virama(text, at, floor)
            or '\u1100' <= before <= '\u115f' and is_hangul(after)
            or '\ua960' <= before <= '\ua97c' and is_hangul(after)
            or '\ud800' <= before <= '\udbff' and '\udc00' <= after <= '\udfff'
            or is_flag_half(after) and flag_halves_before(text, at, floor) % 2 == 1)


def bound_by_virama(text: str, at: int, floor: int) -> bool:
    """Whether among the marks right before `at` there is one that binds what follows."""
    at -= 1
    while at > floor and FOLLOWS.match(text[at]) and not BINDS.match(text[at]):
        at -= 1
    return bool(BINDS.match(text[at]))


def is_hangul(char: str) -> bool:
    return ('\u1100' <= char <= '\u115f' or '\ua960' <= char <= '\ua97c'
            or '\uac00' <= char <= '\ud7a3')


def is_flag_half(char: str) -> bool:
    return '\U0001f1e6' <= char <= '\U0001f1ff'


def flag_halves_before(text: str, at: int, floor: int) -> int:
    count = 0
    while at - count > floor and is_flag_half(text[at - count - 1]):
        count += 1
    return count


def border_before(text: str, at: int, floor: int = 0) -> int:
    """The last border between graphemes in [floor, at]; `floor` must be a border."""
    while floor < at < len(text) and joins(text, at, floor):
        at -= 1
    return at


def border_after(text: str, at: int, floor: int = 0) -> int:
    """The first border between graphemes at or after `at`; `floor` ≤ at must be a border."""
    while floor < at < len(text) and joins(text, at, floor):
        at += 1
    return at
