"""For comparison: every byte of the UTF-8 text is a token. Nothing to learn, long sequences."""

from collections.abc import Iterable

from minigpt.errors import TokenizerError
from minigpt.tokenizer.split import checked_text


class ByteTokenizer:
    """256 tokens, one per byte; no text is unknown to it."""

    vocab_size = 256
    unknown = None

    @classmethod
    def train(cls, text: str, vocab_size: int = 256) -> 'ByteTokenizer':
        """There is nothing to learn; the arguments are those of the other strategies."""
        return cls()

    def encode(self, text: str) -> list[int]:
        return list(checked_text(text).encode('utf-8'))

    def token_bytes(self, token_id: int) -> bytes:
        if not 0 <= token_id < 256:
            raise TokenizerError('unknown_id', got=token_id, last=255)
        return bytes([token_id])

    def decode(self, ids: Iterable[int]) -> str:
        return b''.join(map(self.token_bytes, ids)).decode('utf-8', errors='replace')
