"""The words of a text as numbers: how much each tells, and where it comes back.

A word is a run of letters and digits and counts by its first five, without regard to case: "menina"
and "meninas" are the same, "menino" too. Words become 16-bit hashes (feature hashing, Weinberger et
al. 2009); two of them are rarely mistaken for each other, and a million letters take milliseconds.
"""

from dataclasses import dataclass

import numpy as np

from minigpt.chunking.characters import BLOCK, LETTER, PAD, of_kind

Array = np.ndarray

COUNTED = 5              # letters of a word that count
SMALL = np.uint16(0x20)  # the bit that tells "a" from "A", "ç" from "Ç"
# Of 1,500 multipliers tried, the one that gave the fewest words of Portuguese another's number.
MIX = np.uint16(44013)


@dataclass(frozen=True)
class Words:
    """All words of at least some length: int64 offsets `starts`, uint16 `hashes`, each (W,)."""
    starts: Array
    hashes: Array

    @classmethod
    def of(cls, codes: Array, signs: Array, shortest: int = 1) -> 'Words':
        """The words of `code_points(text)`, of `shortest` (1 to 5) letters or more.

        `signs` is `signs(codes)`.
        """
        starts, numbers, inside = [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)], False
        for first in range(0, len(codes) - PAD, BLOCK):
            n = min(BLOCK, len(codes) - PAD - first)
            block = codes[first:first + n + COUNTED - 1]  # the last word may reach beyond
            low, high = signs.searchsorted((first, first + len(block)))
            letter = letters_and_digits(block, signs[low:high] - first)
            at = word_starts(letter[:n + shortest - 1], inside, shortest)
            starts.append(at + first)
            numbers.append(hashes(block, letter).take(at))
            inside = letter[n - 1]
        return cls(np.concatenate(starts), np.concatenate(numbers))

    def bits(self) -> Array:
        """(W,) float64: −log₂ of each word's share of all words, its information (Shannon 1948)."""
        return np.log2(len(self.hashes) / np.bincount(self.hashes)[self.hashes])

    def order(self) -> Array:
        """(W,) int64: the indices sorted by hash, so that each word's occurrences follow in turn.

        A stable sort of 16-bit numbers is a radix sort: time grows with W, not with W log W.
        """
        return np.argsort(self.hashes, kind='stable')


def letters_and_digits(codes: Array, signs: Array) -> Array:
    """Bool, shape of codes: which ones words are made of; `signs` is `signs(codes)`."""
    found = (codes | SMALL) - np.uint16(97) < 26
    found |= codes - np.uint16(48) < 10
    found |= codes >= 0xC0
    found[signs] = of_kind(LETTER).take(codes.take(signs))
    return found


def word_starts(letter: Array, inside: bool, shortest: int) -> Array:
    """int64 indices where `shortest` letters or more begin; `inside`: one stands before index 0."""
    n = len(letter) - shortest + 1
    start = letter[:n].copy()
    start[0] &= not inside
    start[1:] &= ~letter[:n - 1]
    for k in range(1, shortest):
        start &= letter[k:n + k]
    return np.flatnonzero(start)


def hashes(codes: Array, letter: Array) -> Array:
    """uint16, COUNTED − 1 fewer than codes: a number from the word, or rest of one, at each index.

    For letters a, b, c, d, e it is a + MIX·(b + MIX·(c + MIX·(d + MIX·e))) mod 2¹⁶ (Horner's rule),
    found for all indices at once from the innermost bracket out. Where the word ends, the factor
    becomes 0, so nothing behind it counts.
    """
    factor = letter.astype(np.uint16)
    value = (codes | SMALL) * factor
    factor *= MIX
    result = value
    for n in range(len(codes) - 1, len(codes) - COUNTED, -1):
        result = factor[:n] * result[1:]
        result += value[:n]
    return result
