"""One text and what is found out about it, each thing when first asked for."""

from functools import cached_property

import numpy as np

from minigpt.chunking.characters import SPACE, code_points, of_kind, signs
from minigpt.chunking.sentence_ends import sentence_and_paragraph_ends
from minigpt.chunking.words import Words

Array = np.ndarray


class Source:
    """The text that chunks are cut from; they share it, so that a chunk is no copy."""

    def __init__(self, text: str):
        self.text = text
        self._words: dict[int, Words] = {}

    @cached_property
    def codes(self) -> Array:
        """The code points, uint16; see `code_points`."""
        return code_points(self.text)

    @cached_property
    def signs(self) -> Array:
        """Where stops, line breaks and what else is rare in European texts stand; see `signs`."""
        return signs(self.codes)

    def words(self, shortest: int) -> Words:
        """The words of `shortest` letters or more."""
        if shortest not in self._words:
            self._words[shortest] = Words.of(self.codes, self.signs, shortest)
        return self._words[shortest]

    @cached_property
    def _ends(self) -> tuple[Array, Array]:
        return sentence_and_paragraph_ends(self.text, self.codes, self.signs)

    @property
    def sentence_ends(self) -> Array:
        """(S,) int64, rising: where each sentence and the white space behind it ends."""
        return self._ends[0]

    @property
    def paragraph_ends(self) -> Array:
        """(P,) int64, rising: those sentence ends that also end a paragraph."""
        return self._ends[1]

    @cached_property
    def sentence_list(self) -> list[int]:
        return self.sentence_ends.tolist()

    @cached_property
    def paragraph_list(self) -> list[int]:
        return self.paragraph_ends.tolist()

    @cached_property
    def sentence_set(self) -> frozenset[int]:
        return frozenset(self.sentence_list)

    @cached_property
    def paragraph_set(self) -> frozenset[int]:
        return frozenset(self.paragraph_list)

    @cached_property
    def breaks(self) -> list[str]:
        """The kinds of white space that occur in the text and that a line may break at."""
        found = np.unique(self.codes[self.signs])
        return [' ', *(chr(code) for code in found[of_kind(SPACE)[found]])]

    def sentences(self) -> list[str]:
        """The sentences with the white space behind them; joined they are the text."""
        ends = self.sentence_list
        return [self.text[a:b] for a, b in zip([0, *ends], ends)]

    @cached_property
    def _information(self) -> tuple[Array, Array]:
        words = self.words(1)
        return words.starts, np.concatenate([[0.0], np.cumsum(words.bits())])

    def bits_before(self, at: int | Array) -> Array:
        """Bits that the words starting before an offset tell: Σ −log₂(share of all words)."""
        starts, bits = self._information
        return bits[starts.searchsorted(at)]
