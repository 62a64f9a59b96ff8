"""Which id stands for which bytes.

    minigpt    0–255 the bytes in order, then the tokens the merges make, then special tokens
    GPT-2      the same, with the bytes in the order of its printable alphabet
    tiktoken   a token's id is its rank, in the order of the rank file
"""

from collections.abc import Iterable, Mapping

from minigpt.errors import Flaw, TokenizerError
from minigpt.tokenizer.merge import Pair
from minigpt.tokenizer.split import without_surrogates

LARGEST_ID = 2 ** 20  # far above any vocabulary in use; keeps a hostile file from filling memory


def grown(tokens: list[bytes], merges: list[Pair]) -> tuple[list[bytes], list[int]]:
    """The tokens and, behind them, what the merges make; and the id that each merge makes.

    A merge that spells a token already there gets that token's id.
    """
    tokens, made = list(tokens), []
    ids = {token: token_id for token_id, token in enumerate(tokens)}
    for left, right in merges:
        token = tokens[left] + tokens[right]
        if token not in ids:
            ids[token] = len(tokens)
            tokens.append(token)
        made.append(ids[token])
    return tokens, made


def placed(vocab: Mapping[bytes, int], merges: list[Pair]) -> tuple[list, list[int]]:
    """The same where a vocabulary gives the ids: bytes by id, None where an id is free."""
    tokens = [None] * (max(vocab.values()) + 1)
    for token, token_id in vocab.items():
        tokens[token_id] = token
    return tokens, [vocab[tokens[left] + tokens[right]] for left, right in merges]


def special_ids(names: Iterable[str] | Mapping[str, int], tokens: list) -> dict[str, int]:
    """Special token → id: as given in a mapping, else one after another behind the tokens."""
    if isinstance(names, str):
        raise TokenizerError('bad_special_token', got=repr(names),
                             reason=Flaw('flaw.names_not_list'))
    if not isinstance(names, Mapping):
        names = list(names)
    ids = {}
    for position, name in enumerate(names):
        token_id = names[name] if isinstance(names, Mapping) else len(tokens) + position
        reason = why_not(name, token_id, ids, tokens)
        if reason:
            raise TokenizerError('bad_special_token', got=repr(name), reason=reason)
        ids[name] = token_id
    return ids


def why_not(name: str, token_id: int, ids: dict[str, int], tokens: list) -> Flaw | None:
    """Why a special token cannot be added to the ones in `ids`, or None where it can."""
    if not isinstance(name, str) or not name or name in ids:
        return Flaw('flaw.name_empty')
    if name != without_surrogates(name):
        return Flaw('flaw.half_character')
    if type(token_id) is not int or not 0 <= token_id < LARGEST_ID:
        return Flaw('flaw.id_range', got=token_id, last=LARGEST_ID - 1)
    if token_id in ids.values() or (token_id < len(tokens) and tokens[token_id] is not None):
        return Flaw('flaw.id_taken', got=token_id)
    return None


def with_special(tokens: list, special: dict[str, int]) -> list:
    """Bytes by id, special tokens included."""
    tokens = tokens + [None] * (max(special.values(), default=-1) + 1 - len(tokens))
    for name, token_id in special.items():
        tokens[token_id] = name.encode('utf-8')
    return tokens
