"""The words of a text as numbers: how much each tells, and where it comes back.

A word is a run of letters and digits and counts by its first five, without regard to case: "menina"
and "meninas" are the same, "menino" too. Words become 16-bit hashes (feature hashing, Weinberger et
al. 2009); two of them are rarely mistaken for each other, and a million letters take milliseconds.
"""

from dataclasses import dataclass

import numpy as np

from minigpt.chunking.characters import LETTER, PAD, of_kind

Array = np.ndarray

COUNTED = 5  # letters of a word that count
FOUR_LETTERS = np.array([(1 << 16 * n) - 1 for n in range(5)], np.uint64)  # masks for 0 … 4
SMALL = np.uint64(0x0020_0020_0020_0020)  # the bit that tells "a" from "A", "ç" from "Ç"
MIX = np.uint64(0x9E37_79B9_7F4A_7C15)    # Knuth's multiplicative hashing: 2⁶⁴ ÷ golden ratio


@dataclass(frozen=True)
class Words:
    """All words of at least some length: int64 offsets `starts`, uint16 `hashes`, each (W,)."""
    starts: Array
    hashes: Array

    @classmethod
    def of(cls, codes: Array, others: Array, shortest: int = 1) -> 'Words':
        """The words of `code_points(text)`, of `shortest` (1 to 5) letters or more.

        `others` is `rare(codes)`.
        """
        letter, n = letters_and_digits(codes, others), len(codes) - PAD
        start = letter[:n].copy()
        start[1:] &= ~letter[:n - 1]
        for k in range(1, shortest):
            start &= letter[k:n + k]
        starts = np.flatnonzero(start)
        lengths = np.full(len(starts), shortest, np.uint8)
        longer = np.ones(len(starts), bool)
        for k in range(shortest, COUNTED):
            longer &= letter[starts + k]
            lengths += longer
        return cls(starts, hashes(codes, starts, lengths))

    def bits(self) -> Array:
        """(W,) float64: −log₂ of each word's share of all words, its information (Shannon 1948)."""
        return np.log2(len(self.hashes) / np.bincount(self.hashes)[self.hashes])

    def returns(self) -> tuple[Array, Array]:
        """Indices i < j of the same word twice, with none of it between; sorted by word."""
        order = np.argsort(self.hashes, kind='stable')
        ordered = self.hashes[order]
        same = np.flatnonzero(ordered[1:] == ordered[:-1])
        return order[same], order[same + 1]


def letters_and_digits(codes: Array, others: Array) -> Array:
    """Bool, shape of codes: which ones words are made of; `others` is `rare(codes)`."""
    shifted = codes | np.uint16(0x20)
    shifted -= np.uint16(97)
    found = shifted < 26
    np.subtract(codes, np.uint16(48), out=shifted)
    found |= shifted < 10
    found |= codes >= 0xC0
    found[others] = of_kind(LETTER)[codes[others]]
    return found


def hashes(codes: Array, starts: Array, lengths: Array) -> Array:
    """(W,) uint16: a number from the first five letters of each word, small or capital alike."""
    four = np.ndarray(len(codes) - 3, '<u8', codes, strides=(2,))  # codes i … i + 3 in one number
    key = four[starts]
    key &= FOUR_LETTERS[np.minimum(lengths, 4)]
    key |= SMALL
    key *= MIX
    fifth = codes[starts + 4] | np.uint16(0x20)
    fifth[lengths < COUNTED] = 0
    key ^= fifth.astype(np.uint64) << np.uint64(32)
    key *= MIX
    key >>= np.uint64(48)
    return key.astype(np.uint16)
