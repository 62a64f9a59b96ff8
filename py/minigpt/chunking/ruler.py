"""Lengths in characters or in tokens: how far a chunk reaches, how far an overlap goes back."""

from bisect import bisect_left, bisect_right

from minigpt.chunking.source import Source
from minigpt.errors import ChunkingError


class Characters:
    """Measures Python characters (code points)."""

    counts_tokens = False

    def __init__(self, size: int, overlap: int):
        self.size = size
        self.overlap = overlap

    def reach(self, start: int, units: int) -> int:
        """The furthest offset so that [start, offset) is at most `units` long; may pass the end."""
        return start + units

    def back(self, end: int, units: int) -> int:
        """The earliest offset so that [offset, end) is at most `units` long."""
        return max(0, end - units)

    def fits(self, start: int, end: int) -> bool:
        """Whether [start, end) is at most `size` long."""
        return end - start <= self.size

    def count(self, start: int, end: int) -> int:
        """The length of [start, end)."""
        return end - start

    def shorter(self, end: int) -> int:
        """The next smaller offset that a chunk could end at."""
        return end - 1


class Tokens:
    """Measures tokens: of a stretch by itself, since its ends may fall inside tokens of the whole.

    The tokenizer needs `encode(text)`, whose result has a length. With `token_bytes(id)` as well,
    the borders of the tokens are exact; without, they are estimated inside each word.
    """

    counts_tokens = True

    def __init__(self, source: Source, tokenizer, size: int, overlap: int):
        if not callable(getattr(tokenizer, 'encode', None)):
            raise ChunkingError('bad_chunk_tokenizer', kind=type(tokenizer).__name__)
        self.size = size
        self.overlap = overlap
        self._text = source.text
        self._encode = tokenizer.encode
        ends = token_ends(source.text, tokenizer) if hasattr(tokenizer, 'token_bytes') else None
        self._ends = estimated_ends(source, tokenizer) if ends is None else ends

    def reach(self, start: int, units: int) -> int:
        index = bisect_right(self._ends, start) + units - 1
        return self._ends[index] if index < len(self._ends) else len(self._text)

    def back(self, end: int, units: int) -> int:
        index = bisect_left(self._ends, end) - units
        return self._ends[index] if index >= 0 else 0

    def fits(self, start: int, end: int) -> bool:
        return self.count(start, end) <= self.size

    def count(self, start: int, end: int) -> int:
        return len(self._encode(self._text[start:end]))

    def shorter(self, end: int) -> int:
        index = bisect_left(self._ends, end) - 1
        return self._ends[index] if index >= 0 else 0


def token_ends(text: str, tokenizer) -> list[int] | None:
    """The offset behind each token of the text, by its bytes; None where they do not add up.

    A token that ends inside a character counts as ending before that character.
    """
    ends, at, byte, behind = [], 0, 0, utf8_ends(text)
    for token_id in tokenizer.encode(text):
        byte += len(tokenizer.token_bytes(token_id))
        while at < len(behind) and behind[at] <= byte:
            at += 1
        ends.append(at)
    return ends if byte == (behind[-1] if behind else 0) else None


def utf8_ends(text: str) -> list[int]:
    """How many UTF-8 bytes the text has up to and including each character."""
    total, ends = 0, []
    for char in text:
        total += 1 if char < '\x80' else 2 if char < '\u0800' else 3 if char < '\U00010000' else 4
        ends.append(total)
    return ends


def estimated_ends(source: Source, tokenizer) -> list[int]:
    """As `token_ends`, from the token count of each sentence, spread evenly over its characters."""
    ends, start = [], 0
    for sentence in source.sentences():
        n, length = len(tokenizer.encode(sentence)), len(sentence)
        ends += [start + length * (k + 1) // n for k in range(n)]
        start += length
    return ends
