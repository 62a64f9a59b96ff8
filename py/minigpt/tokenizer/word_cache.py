"""Words whose ids are remembered: a page of prose repeats most of its words."""

from collections.abc import Callable

WORDS = 65536  # how many are kept; then all are forgotten, which is cheaper than keeping order
LONGEST = 64  # characters; longer words hardly ever come back


class WordCache(dict):
    """Word → ids, filled by `encode_word` where a word is not there yet."""

    def __init__(self, encode_word: Callable[[str], tuple[int, ...]]):
        super().__init__()
        self.encode_word = encode_word

    def __missing__(self, word: str) -> tuple[int, ...]:
        ids = self.encode_word(word)
        if len(word) <= LONGEST:
            if len(self) >= WORDS:
                self.clear()
            self[word] = ids
        return ids
