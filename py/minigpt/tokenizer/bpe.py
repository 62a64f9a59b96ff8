"""Byte-level BPE: text → ids → text, without ever meeting an unknown character.

    text  "não dorme"
    words "não", " dorme"                        split.py
    bytes 6e c3 a3 6f …                          every text has them
    ids   the merges, applied in the order in which they were learnt
"""

import codecs
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from minigpt.errors import TextError, TokenizerError
from minigpt.tokenizer import tokenizer_json
from minigpt.tokenizer.split import split, without_surrogates
from minigpt.tokenizer.train import Merge, Pair, merge_steps, merged

END_OF_TEXT = '<|endoftext|>'
WORD_CACHE = 65536  # words whose ids are remembered; a page of prose repeats most of its words


class BPETokenizer:
    """A trained tokenizer: `merges` (pairs of ids) in the order learnt, then special tokens.

    Ids: 0–255 the bytes, then the tokens the merges make, then one per special token.
    """

    def __init__(self, merges: Iterable[Pair], special_tokens: Iterable[str] = ()):
        self.merges = list(merges)
        self._rank = {pair: rank for rank, pair in enumerate(self.merges)}
        self._made: dict[Pair, int] = {}
        ids = {bytes([byte]): byte for byte in range(256)}
        self._bytes = list(ids)
        for pair in self.merges:
            token = self._bytes[pair[0]] + self._bytes[pair[1]]
            self._made[pair] = ids.setdefault(token, len(ids))
            if len(ids) > len(self._bytes):
                self._bytes.append(token)
        self.special_tokens = {name: len(ids) + i for i, name in enumerate(special_tokens)}
        self._bytes += [name.encode('utf-8') for name in self.special_tokens]
        self._encode_word = functools.lru_cache(WORD_CACHE)(self._merge_word)

    @classmethod
    def train(cls, text: str, vocab_size: int,
              special_tokens: Iterable[str] = ()) -> 'BPETokenizer':
        """Learn a vocabulary of exactly `vocab_size` tokens, bytes and special tokens included.

        A text too short to give that many merges gives a smaller vocabulary.
        """
        special_tokens = list(special_tokens)
        steps = cls.train_steps(text, vocab_size - len(special_tokens))
        return cls((merge.pair for merge in steps), special_tokens)

    @staticmethod
    def train_steps(text: str, vocab_size: int) -> Iterator[Merge]:
        """The merges one by one, until bytes and merges are `vocab_size` tokens."""
        if vocab_size < 256:
            raise TokenizerError('vocab_too_small', got=vocab_size)
        if not text:
            raise TextError('empty_text')
        return BPETokenizer._until(vocab_size, merge_steps(text))

    @staticmethod
    def _until(vocab_size: int, steps: Iterator[Merge]) -> Iterator[Merge]:
        size = 256
        while size < vocab_size and (merge := next(steps, None)):
            size = max(size, merge.new_id + 1)
            yield merge

    @property
    def vocab_size(self) -> int:
        return len(self._bytes)

    @property
    def end_of_text(self) -> int | None:
        """The id that ends a document, or None where the vocabulary has no such token."""
        return self.special_tokens.get(END_OF_TEXT)

    def encode(self, text: str) -> list[int]:
        """The ids of a text. Special tokens written in the text are ordinary characters."""
        if not isinstance(text, str):
            raise TextError('not_text', kind=type(text).__name__)
        ids = []
        for word in split(without_surrogates(text)):
            ids += self._encode_word(word)
        return ids

    def _merge_word(self, word: str) -> tuple[int, ...]:
        ids = list(word.encode('utf-8'))
        while len(ids) > 1:
            pair = min(zip(ids, ids[1:]), key=lambda p: self._rank.get(p, len(self._rank)))
            if pair not in self._rank:
                break
            ids = merged(ids, pair, self._made[pair])
        return tuple(ids)

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes a token stands for; one token may be part of a character."""
        if not 0 <= token_id < self.vocab_size:
            raise TokenizerError('unknown_id', got=token_id, last=self.vocab_size - 1)
        return self._bytes[token_id]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of the ids; bytes that are not whole characters become U+FFFD."""
        return b''.join(self.token_bytes(i) for i in ids).decode('utf-8', errors='replace')

    def decode_stream(self, ids: Iterable[int]) -> Iterator[str]:
        """The text piece by piece, a character only once all its bytes are there.

        Joined, the pieces are `decode(ids)`.
        """
        decoder = codecs.getincrementaldecoder('utf-8')(errors='replace')
        for token_id in ids:
            yield decoder.decode(self.token_bytes(token_id))
        yield decoder.decode(b'', final=True)

    def to_json(self) -> str:
        """The tokenizer in Hugging Face's `tokenizer.json` format."""
        return tokenizer_json.dumps(self._bytes, self.merges, self.special_tokens)

    @classmethod
    def from_json(cls, text: str) -> 'BPETokenizer':
        """A tokenizer from the text of a `tokenizer.json` that minigpt wrote."""
        return cls(*tokenizer_json.loads(text))

    def save(self, path: str | Path) -> None:
        """Write `tokenizer.json`."""
        Path(path).write_text(self.to_json(), encoding='utf-8')

    @classmethod
    def load(cls, path: str | Path) -> 'BPETokenizer':
        """Read `tokenizer.json`."""
        try:
            text = Path(path).read_text(encoding='utf-8')
        except (OSError, UnicodeDecodeError) as error:
            raise TokenizerError('tokenizer_unreadable', path=path, reason=error) from error
        return cls.from_json(text)
