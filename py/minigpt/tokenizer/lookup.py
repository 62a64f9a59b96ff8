"""What the comparison strategies with a list of whole symbols share: look a symbol up or lose it."""

from collections import Counter
from collections.abc import Iterable

from minigpt.errors import TextError, TokenizerError

UNKNOWN = '<unk>'


class LookupTokenizer:
    """Ids are places in a list of symbols; 0 is `<unk>`, for what training never saw.

    A subclass says how a text is cut into symbols (`pieces`).
    """

    unknown = 0

    def __init__(self, symbols: Iterable[str]):
        self.symbols = [UNKNOWN, *symbols]
        self._ids = {symbol: i for i, symbol in enumerate(self.symbols)}

    @staticmethod
    def pieces(text: str) -> list[str]:
        raise NotImplementedError

    @classmethod
    def train(cls, text: str, vocab_size: int) -> 'LookupTokenizer':
        """Keep the `vocab_size - 1` most frequent symbols; of equals the one seen first."""
        if vocab_size < 1:
            raise TokenizerError('no_vocabulary', got=vocab_size)
        if not text:
            raise TextError('empty_text')
        counted = Counter(cls.pieces(text)).most_common(vocab_size - 1)
        return cls(symbol for symbol, _ in counted)

    @property
    def vocab_size(self) -> int:
        return len(self.symbols)

    def encode(self, text: str) -> list[int]:
        return [self._ids.get(piece, self.unknown) for piece in self.pieces(text)]

    def token_bytes(self, token_id: int) -> bytes:
        if not 0 <= token_id < self.vocab_size:
            raise TokenizerError('unknown_id', got=token_id, last=self.vocab_size - 1)
        return self.symbols[token_id].encode('utf-8')

    def decode(self, ids: Iterable[int]) -> str:
        """The symbols in a row; what was unknown comes back as `<unk>`."""
        return b''.join(map(self.token_bytes, ids)).decode('utf-8')
