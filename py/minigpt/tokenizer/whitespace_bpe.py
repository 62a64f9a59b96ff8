"""For comparison: BPE as it was before bytes (Sennrich, Haddow and Birch 2016).

Words are what stands between white space, so "gato." learns its full stop along; they start as
characters and end with `</w>`. Which white space stood there is lost, and so is every character
that training did not see.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from minigpt.errors import TextError, TokenizerError
from minigpt.tokenizer.merge import Pair, apply_merges
from minigpt.tokenizer.split import WHITE_SPACE, checked_text
from minigpt.tokenizer.train import merge_steps_of
from minigpt.tokenizer.vocabulary import LARGEST_ID, grown
from minigpt.tokenizer.word_cache import WordCache

WORD = re.compile(f'[^{WHITE_SPACE}]+')
# Two bytes that no UTF-8 text holds stand for the marks, so that a text can spell "</w>" itself.
UNKNOWN_BYTE, END_BYTE = b'\xfe', b'\xff'
UNKNOWN, WORD_END = b'<unk>', b'</w>'


class WhitespaceBPETokenizer:
    """Ids: 0 `<unk>`, 1 `</w>`, the characters, then what the merges make."""

    unknown = 0

    def __init__(self, characters: Iterable[str], merges: Iterable[Pair]):
        characters = list(characters)
        self._ids = {character: i for i, character in enumerate(characters, 2)}
        self.merges = list(merges)
        self._rank = {pair: rank for rank, pair in enumerate(self.merges)}
        symbols = [UNKNOWN_BYTE, END_BYTE, *(c.encode('utf-8') for c in characters)]
        self._tokens, self._made = grown(symbols, self.merges)
        self._cache = WordCache(self._merge_word)

    @classmethod
    def train(cls, text: str, vocab_size: int) -> 'WhitespaceBPETokenizer':
        """Learn merges until there are `vocab_size` tokens, or none is left to learn."""
        *_, tokenizer = cls.training(text, vocab_size)
        return tokenizer

    @classmethod
    def training(cls, text: str, vocab_size: int) -> Iterator['WhitespaceBPETokenizer | None']:
        """The same merge by merge: None after each, the tokenizer at the end."""
        counted = Counter(WORD.findall(checked_text(text)))
        if not counted:
            raise TextError('empty_text')
        characters = sorted({character for word in counted for character in word})
        if not len(characters) + 2 <= vocab_size < LARGEST_ID:
            raise TokenizerError('no_vocabulary', got=vocab_size)
        start = cls(characters, [])
        size, merges = start.vocab_size, []
        steps = merge_steps_of([start._characters(word) for word in counted],
                               list(counted.values()), start._tokens)
        while size < vocab_size and (merge := next(steps, None)):
            size = max(size, merge.new_id + 1)
            merges.append(merge.pair)
            yield None
        yield cls(characters, merges)

    @property
    def vocab_size(self) -> int:
        return len(self._tokens)

    def _characters(self, word: str) -> list[int]:
        return [*(self._ids.get(character, self.unknown) for character in word), 1]

    def _merge_word(self, word: str) -> tuple[int, ...]:
        return tuple(apply_merges(self._characters(word), self._rank, self._made))

    def encode(self, text: str) -> list[int]:
        return [token for word in WORD.findall(checked_text(text)) for token in self._cache[word]]

    def token_bytes(self, token_id: int) -> bytes:
        if not 0 <= token_id < self.vocab_size:
            raise TokenizerError('unknown_id', got=token_id, last=self.vocab_size - 1)
        return self._tokens[token_id].replace(END_BYTE, WORD_END).replace(UNKNOWN_BYTE, UNKNOWN)

    def decode(self, ids: Iterable[int]) -> str:
        """The words with one space between them; other white space is not remembered."""
        ids = list(ids)
        for token_id in ids:
            self.token_bytes(token_id)  # refuses an id that is not in the vocabulary
        text = b''.join(self._tokens[token_id] for token_id in ids).removesuffix(END_BYTE)
        return text.replace(END_BYTE, b' ').replace(UNKNOWN_BYTE, UNKNOWN).decode('utf-8')
