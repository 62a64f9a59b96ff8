"""tiktoken's rank files: one token a line, its bytes in base64, a space, its rank.

    IQ== 0
    Ig== 1
    …

The file names tokens, not merges. A token's merge is found by encoding its bytes with the tokens
ranked before it: what is left is the pair it was made of (Karpathy's minbpe, `gpt4.py`). The id of
a token is its rank. Format: tiktoken, `load.py`, `load_tiktoken_bpe`.
"""

import base64
import binascii
from pathlib import Path

from minigpt.errors import Flaw, Refused, TokenizerError
from minigpt.tokenizer.merge import Pair, apply_merges
from minigpt.tokenizer.vocabulary import LARGEST_ID


def load(path: str | Path) -> tuple[list[Pair], dict[bytes, int]]:
    """Merges as pairs of ids, and bytes → id, from a file."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise TokenizerError('tokenizer_unreadable', path=path, reason=Refused(error)) from error
    return loads(data, str(path))


def loads(data: bytes, path: str = 'file') -> tuple[list[Pair], dict[bytes, int]]:
    """Like `load`, for bytes; `path` is only named in errors."""
    try:
        vocab = read_ranks(data)
        return recover_merges(vocab), vocab
    except Flaw as error:
        raise TokenizerError('ranks_invalid', path=path, reason=error) from error


def read_ranks(data: bytes) -> dict[bytes, int]:
    """Bytes → rank; Flaw says which line is wrong."""
    vocab, ranks = {}, set()
    for number, line in enumerate(data.splitlines(), 1):
        if not line:
            continue
        code, _, rank = line.partition(b' ')
        try:
            token = base64.b64decode(code, validate=True)
        except binascii.Error as error:
            raise Flaw('flaw.not_base64', line=number) from error
        if not (rank.isdigit() and len(rank) < 8 and int(rank) < LARGEST_ID):
            raise Flaw('flaw.no_rank', line=number, most=LARGEST_ID)
        if not token or token in vocab or int(rank) in ranks:
            raise Flaw('flaw.line_twice', line=number)
        vocab[token] = int(rank)
        ranks.add(int(rank))
    missing = [byte for byte in range(256) if bytes([byte]) not in vocab]
    if missing:
        raise Flaw('flaw.bytes_unranked', count=len(missing), first=missing[0])
    return vocab


def recover_merges(vocab: dict[bytes, int]) -> list[Pair]:
    """The pair each longer token was made of, in the order of the ranks."""
    byte_ids = [vocab[bytes([byte])] for byte in range(256)]
    ranks: dict[Pair, int] = {}
    made: list[int] = []
    for token, token_id in sorted(vocab.items(), key=lambda item: item[1]):
        if len(token) == 1:
            continue
        parts = apply_merges([byte_ids[byte] for byte in token], ranks, made)
        if len(parts) != 2:
            raise Flaw('flaw.rank_not_two', rank=token_id)
        ranks[tuple(parts)] = len(made)
        made.append(token_id)
    return list(ranks)
