"""How well a tokenizer suits a text: compression, fertility, vocabulary growth.

Any tokenizer with `encode`, `token_bytes` and `unknown` can be measured.
"""

import re
from dataclasses import dataclass

from minigpt.errors import TextError
from minigpt.tokenizer.split import WHITE_SPACE, checked_text

WORD = re.compile(f'[^{WHITE_SPACE}]+')


@dataclass(frozen=True)
class TextStatistics:
    """Counts of one text under one tokenizer. A word is what stands between white space."""
    n_bytes: int
    n_characters: int
    n_words: int
    n_tokens: int
    n_distinct: int  # different tokens used
    n_unknown: int   # tokens that lost what they stand for

    @property
    def bytes_per_token(self) -> float:
        """Compression: how many bytes of UTF-8 a token carries on average."""
        return self.n_bytes / self.n_tokens

    @property
    def characters_per_token(self) -> float:
        return self.n_characters / self.n_tokens

    @property
    def tokens_per_word(self) -> float:
        """Fertility (Rust et al. 2021): 1 would be a token for every word; NaN without words."""
        return self.n_tokens / self.n_words if self.n_words else float('nan')


def text_statistics(tokenizer, text: str) -> TextStatistics:
    """Measure a tokenizer on a text; TextError where the text gives no token."""
    text = checked_text(text)
    ids = tokenizer.encode(text)
    if not ids:
        raise TextError('empty_text')
    return TextStatistics(len(text.encode('utf-8')), len(text), len(WORD.findall(text)), len(ids),
                          len(set(ids)), ids.count(tokenizer.unknown))


def vocabulary_growth(ids: list[int], points: int = 50) -> list[tuple[int, int]]:
    """(tokens read, different ones among them) at up to `points` places evenly through the ids.

    For words this follows Heaps' law, growing for ever; a byte-level vocabulary levels off.

    >>> vocabulary_growth([7, 7, 8, 7], points=2)
    [(2, 1), (4, 2)]
    """
    seen, growth = set(), []
    points = min(points, len(ids))
    ends = [len(ids) * (i + 1) // points for i in range(points)]
    for start, end in zip([0, *ends], ends):
        seen.update(ids[start:end])
        growth.append((end, len(seen)))
    return growth
