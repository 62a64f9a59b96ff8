"""Byte-level BPE: text → ids → text, without ever meeting an unknown character.

    text  "não dorme"
    words "não", " dorme"                        split.py
    bytes 6e c3 a3 6f …                          every text has them
    ids   the merges, the earliest learnt first  merge.py
    trees the same merges, remembered            derivation.py
"""

import codecs
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from minigpt.errors import Refused, TextError, TokenizerError, check_kind, flaw
from minigpt.tokenizer import tiktoken_ranks, tokenizer_json
from minigpt.tokenizer.derivation import Piece, derive, deriving
from minigpt.tokenizer.merge import AppliedMerge, Pair, apply_merges, merge_events
from minigpt.tokenizer.split import check_pattern, checked_text, split
from minigpt.tokenizer.train import Merge, merge_steps
from minigpt.tokenizer.vocabulary import grown, placed, special_ids, with_special
from minigpt.tokenizer.word_cache import WordCache

END_OF_TEXT = '<|endoftext|>'
SPECIAL_MODES = ('text', 'allow', 'refuse')


class BPETokenizer:
    """A trained tokenizer: `merges` (pairs of ids) in the order learnt, then special tokens.

    Ids: 0–255 the bytes, then the tokens the merges make, then one per special token; or as a
    `vocab` (bytes → id) and a mapping of special tokens to ids say. `pattern` cuts the words.
    """

    unknown = None  # the id of an unknown token, which bytes make needless

    def __init__(self, merges: Iterable[Pair],
                 special_tokens: Iterable[str] | Mapping[str, int] = (), *,
                 pattern: str = 'gpt2', vocab: Mapping[bytes, int] | None = None):
        self.merges = list(merges)
        self.pattern = check_pattern(pattern)
        tokens, self._made = (grown([bytes([byte]) for byte in range(256)], self.merges)
                              if vocab is None else placed(vocab, self.merges))
        self._rank = {pair: rank for rank, pair in enumerate(self.merges)}
        ids = {token: token_id for token_id, token in enumerate(tokens)}
        self._byte_ids = [ids[bytes([byte])] for byte in range(256)]
        self.special_tokens = special_ids(special_tokens, tokens)
        self._bytes = with_special(tokens, self.special_tokens)
        longest_first = sorted(self.special_tokens, key=len, reverse=True)
        self._special = re.compile(f'({"|".join(map(re.escape, longest_first))})')
        self._cache = WordCache(self._merge_word)

    @classmethod
    def train(cls, text: str, vocab_size: int, special_tokens: Iterable[str] = (), *,
              pattern: str = 'gpt2') -> 'BPETokenizer':
        """Learn a vocabulary of exactly `vocab_size` tokens, bytes and special tokens included.

        A text too short to give that many merges gives a smaller vocabulary.
        """
        special_tokens = list(special_ids(special_tokens, []))
        steps = cls.train_steps(text, vocab_size, special=len(special_tokens), pattern=pattern)
        return cls((merge.pair for merge in steps), special_tokens, pattern=pattern)

    @staticmethod
    def train_steps(text: str, vocab_size: int, *, special: int = 0,
                    pattern: str = 'gpt2') -> Iterator[Merge]:
        """The merges one by one, until bytes, merges and `special` tokens are `vocab_size` tokens."""
        check_kind('vocab_size', vocab_size, int, TokenizerError)
        if vocab_size < 256 + special:
            raise TokenizerError('vocab_too_small', got=vocab_size, least=256 + special)
        if not checked_text(text):
            raise TextError('empty_text')
        return BPETokenizer._until(vocab_size - special, merge_steps(text, check_pattern(pattern)))

    @staticmethod
    def _until(vocab_size: int, steps: Iterator[Merge]) -> Iterator[Merge]:
        size = 256
        while size < vocab_size and (merge := next(steps, None)):
            size = max(size, merge.new_id + 1)
            yield merge

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        return len(self._bytes)

    @property
    def end_of_text(self) -> int | None:
        """The id that ends a document, or None where the vocabulary has no such token."""
        return self.special_tokens.get(END_OF_TEXT)

    def forget_words(self) -> None:
        """Free the room of the words whose ids are remembered; they come back as they are met."""
        self._cache.clear()

    def encode(self, text: str, special: str = 'text') -> list[int]:
        """The ids of a text; a lone surrogate is read as U+FFFD.

        `special` says what a special token written in the text is: ordinary characters ('text'),
        its own id ('allow', the longest name first), or a TokenizerError ('refuse').
        """
        text = checked_text(text)
        if special not in SPECIAL_MODES:
            raise TokenizerError('bad_special_mode', got=special)
        if special == 'text' or not self.special_tokens:
            return self._encode_ordinary(text)
        ids = []
        for position, part in enumerate(self._special.split(text)):
            if position % 2 == 0:  # the parts between special tokens
                ids += self._encode_ordinary(part)
            elif special == 'allow':
                ids.append(self.special_tokens[part])
            else:
                raise TokenizerError('special_in_text', token=part, position=text.index(part))
        return ids

    def _encode_ordinary(self, text: str) -> list[int]:
        return list(chain.from_iterable(map(self._cache.__getitem__, split(text, self.pattern))))

    def _merge_word(self, word: str) -> tuple[int, ...]:
        return tuple(apply_merges(self.byte_ids(word), self._rank, self._made))

    def byte_ids(self, word: str) -> list[int]:
        """The ids of a word's bytes, before any merge."""
        return [self._byte_ids[byte] for byte in word.encode('utf-8')]

    def words(self, text: str) -> list[list[int]]:
        """The byte ids of each word of a text: where `encode_steps` starts."""
        return [self.byte_ids(word) for word in split(checked_text(text), self.pattern)]

    def encode_steps(self, text: str) -> Iterator[AppliedMerge]:
        """The merges that encoding applies to a text, one by one; the last one's words are `encode`.

        Special tokens written in the text are ordinary characters.
        """
        return merge_events(self.words(text), self._rank, self._made, self._bytes)

    def derive(self, word: str) -> list[Piece]:
        """How the tokens of one word, as `split` cuts them, came together: a tree for each."""
        return derive(self.byte_ids(word), self._rank, self._made)

    def deriving(self, word: str) -> Generator[None, None, list[Piece]]:
        """The same in stretches; it returns the trees."""
        return deriving(self.byte_ids(word), self._rank, self._made)

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes a token stands for; one token may be part of a character."""
        if not 0 <= token_id < self.vocab_size or self._bytes[token_id] is None:
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
        return tokenizer_json.dumps(self._bytes, self.merges, self.special_tokens, self.pattern)

    @classmethod
    def from_json(cls, text: str) -> 'BPETokenizer':
        """A tokenizer from the text of a `tokenizer.json`: minigpt's own, or any other byte-level
        BPE that encodes as this class does; TokenizerError says why not."""
        return cls(**tokenizer_json.loads(text))

    @classmethod
    def from_tiktoken(cls, path: str | Path, *,
                      special_tokens: Iterable[str] | Mapping[str, int] = (),
                      pattern: str = 'gpt4') -> 'BPETokenizer':
        """A tokenizer from a tiktoken rank file (`cl100k_base.tiktoken`); ids are the ranks."""
        merges, vocab = tiktoken_ranks.load(path)
        return cls(merges, special_tokens, pattern=pattern, vocab=vocab)

    def save(self, path: str | Path) -> None:
        """Write `tokenizer.json`."""
        Path(path).write_text(self.to_json(), encoding='utf-8')

    @classmethod
    def load(cls, path: str | Path) -> 'BPETokenizer':
        """Read `tokenizer.json`."""
        try:
            text = Path(path).read_text(encoding='utf-8')
        except OSError as error:
            raise TokenizerError('tokenizer_unreadable', path=path, reason=Refused(error)) from error
        except UnicodeDecodeError as error:
            raise TokenizerError('tokenizer_unreadable', path=path, reason=flaw(error)) from error
        return cls.from_json(text)
