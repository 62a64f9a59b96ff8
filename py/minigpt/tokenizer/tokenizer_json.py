"""Hugging Face's `tokenizer.json`: the same vocabulary, readable by the `tokenizers` library.

JSON has no bytes, so GPT-2 writes each byte as a printable character (`byte_alphabet`): a space
becomes "Ġ", the two bytes of "ã" become "Ã£". Hugging Face reads such files leniently; we check
what it would let pass: 256 byte tokens, dense ids, no merge twice, each special id the next one.
"""

import functools
import json

from minigpt.errors import TokenizerError


@functools.cache
def byte_alphabet() -> list[str]:
    """The character for each byte: itself where printable, else one from U+0100 on."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


def written(token: bytes) -> str:
    """A token's bytes in the alphabet."""
    return ''.join(byte_alphabet()[byte] for byte in token)


def dumps(tokens: list[bytes], merges: list[tuple[int, int]], special: dict[str, int]) -> str:
    """The file's text for tokens in id order, merges as id pairs, and special token ids."""
    ordinary = tokens[:len(tokens) - len(special)]
    document = {
        'version': '1.0', 'truncation': None, 'padding': None,
        'added_tokens': [
            {'id': i, 'content': name, 'single_word': False, 'lstrip': False, 'rstrip': False,
             'normalized': False, 'special': True} for name, i in special.items()],
        'normalizer': None,
        'pre_tokenizer': {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True,
                          'use_regex': True},
        'post_processor': None,
        'decoder': {'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True,
                    'use_regex': True},
        'model': {'type': 'BPE', 'dropout': None, 'unk_token': None,
                  'continuing_subword_prefix': None, 'end_of_word_suffix': None,
                  'fuse_unk': False, 'byte_fallback': False, 'ignore_merges': False,
                  'vocab': {written(token): i for i, token in enumerate(ordinary)},
                  'merges': [[written(tokens[a]), written(tokens[b])] for a, b in merges]},
    }
    return json.dumps(document, ensure_ascii=False)


def loads(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Merges as id pairs and special tokens in id order; TokenizerError on anything odd."""
    try:
        document = json.loads(text)
        vocab = document['model']['vocab']
        pairs = [(vocab[left], vocab[right]) for left, right in document['model']['merges']]
        added = {row['content']: row['id'] for row in document['added_tokens']}
        check(vocab, pairs, added)
    except TokenizerError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TokenizerError('tokenizer_invalid', reason=f'{type(error).__name__}: {error}') from error
    return pairs, list(added)


def check(vocab: dict[str, int], pairs: list[tuple[int, int]], added: dict[str, int]) -> None:
    """Refuse a vocabulary that is not: bytes, then what the merges make, then special tokens."""
    def refuse(reason: str):
        raise TokenizerError('tokenizer_invalid', reason=reason)

    if any(type(i) is not int for i in [*vocab.values(), *added.values()]):
        refuse('an id is not a whole number')
    if any(vocab.get(character) != byte for byte, character in enumerate(byte_alphabet())):
        refuse('ids 0–255 are not the 256 bytes in order')
    if len(set(pairs)) != len(pairs):
        refuse('a merge stands there twice')
    made = byte_alphabet().copy()
    for rank, (left, right) in enumerate(pairs):
        if max(left, right) >= len(made):
            refuse(f'merge {rank} uses a token that is not made yet')
        token = made[left] + made[right]
        if vocab.get(token) == len(made):
            made.append(token)
        elif vocab.get(token, len(made)) >= len(made):
            refuse(f'merge {rank} makes a token that has no id or a wrong one')
    if len(vocab) != len(made):
        refuse(f'{len(vocab)} tokens, but the merges make {len(made)}')
    if list(added.values()) != list(range(len(vocab), len(vocab) + len(added))):
        refuse('special tokens do not follow the vocabulary')
