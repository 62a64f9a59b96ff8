"""Hugging Face's `tokenizer.json`: the same vocabulary, readable by the `tokenizers` library.

JSON has no bytes, so GPT-2 writes each byte as a printable character (`byte_alphabet`): a space
becomes "Ġ", the two bytes of "ã" become "Ã£". Hugging Face reads such files leniently; we check
what it would let pass: 256 byte tokens, no id and no merge twice, every token made by a merge, each
special id the one that Hugging Face would give. Settings that would make it encode otherwise than
`BPETokenizer.encode(text, 'allow')` are refused by name.
"""

import functools
import json

from minigpt.errors import Flaw, TokenizerError, flaw, require
from minigpt.tokenizer.vocabulary import LARGEST_ID

# The GPT-4 patterns as Hugging Face's engine (Oniguruma) reads them: no possessive signs, and the
# end of the text as "nothing follows", since `$` would mean the end of a line.
GPT4_2022 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
             r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
GPT4 = GPT4_2022.replace(r'|\s*[\r\n]+', r'|\s+(?![\s\S])|\s*[\r\n]+')
SPLITS = {GPT4: 'gpt4', GPT4_2022: 'gpt4-2022'}


@functools.cache
def byte_alphabet() -> list[str]:
    """The character for each byte: itself where printable, else one from U+0100 on."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


def written(token: bytes) -> str:
    """A token's bytes in the alphabet."""
    return ''.join(byte_alphabet()[byte] for byte in token)


def dumps(tokens: list[bytes | None], merges: list[tuple[int, int]], special: dict[str, int],
          pattern: str = 'gpt2') -> str:
    """The file's text for bytes by id, merges as id pairs, special token ids, and the pattern."""
    taken = set(special.values())
    vocab = {written(token): i for i, token in enumerate(tokens)
             if token is not None and i not in taken}
    clash = next((name for name in special if name in vocab), None)
    if clash is not None:
        raise TokenizerError('bad_special_token', got=repr(clash),
                             reason=Flaw('flaw.written_so'))
    model_vocab = vocab
    if [*vocab.values(), *special.values()] != list(range(len(tokens))):
        model_vocab = vocab | special  # Hugging Face keeps only such ids as stand in the vocabulary
    document = {
        'version': '1.0', 'truncation': None, 'padding': None,
        'added_tokens': [
            {'id': i, 'content': name, 'single_word': False, 'lstrip': False, 'rstrip': False,
             'normalized': False, 'special': True} for name, i in special.items()],
        'normalizer': None,
        'pre_tokenizer': pre_tokenizer(pattern),
        'post_processor': None,
        'decoder': {'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True,
                    'use_regex': True},
        'model': {'type': 'BPE', 'dropout': None, 'unk_token': None,
                  'continuing_subword_prefix': None, 'end_of_word_suffix': None,
                  'fuse_unk': False, 'byte_fallback': False, 'ignore_merges': False,
                  'vocab': model_vocab,
                  'merges': [[written(tokens[a]), written(tokens[b])] for a, b in merges]},
    }
    return json.dumps(document, ensure_ascii=False)


def pre_tokenizer(pattern: str) -> dict:
    """How Hugging Face cuts words: GPT-2's way is built in, others are a Split before it."""
    byte_level = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True,
                  'use_regex': pattern == 'gpt2'}
    if pattern == 'gpt2':
        return byte_level
    regex = next(regex for regex, name in SPLITS.items() if name == pattern)
    return {'type': 'Sequence', 'pretokenizers': [
        {'type': 'Split', 'pattern': {'Regex': regex}, 'behavior': 'Isolated', 'invert': False},
        byte_level]}


def loads(text: str) -> dict:
    """What `BPETokenizer(**loads(text))` needs; TokenizerError on anything we would read otherwise."""
    try:
        document = json.loads(text, object_pairs_hook=without_duplicates)
        check_settings(document)
        pattern = pattern_of(document['pre_tokenizer'])
        added = added_tokens(document.get('added_tokens') or [])
        vocab, merges = document['model']['vocab'], document['model']['merges']
        return read_model(vocab, merges, added) | {'special_tokens': added, 'pattern': pattern}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TokenizerError('tokenizer_invalid', reason=flaw(error)) from error


def without_duplicates(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    require(len(found) == len(pairs), 'object_twice')
    return found


def check_settings(document: dict) -> None:
    """Refuse settings with which Hugging Face would encode or decode otherwise than we do."""
    model = document['model']
    require(model.get('type', 'BPE') == 'BPE', 'other_model', got=model.get('type'))
    for place, name in [(document, 'normalizer'), (document, 'truncation'), (document, 'padding'),
                        (model, 'dropout'), (model, 'continuing_subword_prefix'),
                        (model, 'end_of_word_suffix'), (model, 'ignore_merges')]:
        require(not place.get(name), 'changes_encoding', name=name)
    after = document.get('post_processor')
    require(after is None or after['type'] == 'ByteLevel',
            'adds_tokens')
    require(document['decoder']['type'] == 'ByteLevel', 'other_decoder')


def pattern_of(settings: dict) -> str:
    """The name of the split pattern that the pre-tokenizer describes."""
    steps = settings['pretokenizers'] if settings['type'] == 'Sequence' else [settings]
    *cuts, last = steps
    require(last['type'] == 'ByteLevel' and last.get('add_prefix_space') is False,
            'other_pre_tokenizer')
    use_regex = last.get('use_regex', True)
    if not cuts and use_regex is True:
        return 'gpt2'
    if len(cuts) == 1 and use_regex is False and cuts[0]['type'] == 'Split':
        cut = cuts[0]
        name = SPLITS.get(cut['pattern'].get('Regex'))
        if name and cut['behavior'] == 'Isolated' and cut.get('invert', False) is False:
            return name
    raise Flaw('flaw.other_split')


def added_tokens(rows: list[dict]) -> dict[str, int]:
    """Special token → id, in the file's order."""
    added = {}
    for row in rows:
        name = row['content']
        require(isinstance(name, str) and name != '' and name not in added,
                'added_name', name=repr(name))
        name.encode('utf-8')
        require(row.get('special') is True and not any(
            row.get(flag) for flag in ('single_word', 'lstrip', 'rstrip')),
            'added_kind', name=repr(name))
        added[name] = row['id']
    return added


def read_model(vocab: dict[str, int], merges: list, added: dict[str, int]) -> dict:
    """Merges as id pairs and bytes → id of the ordinary tokens, all checked."""
    ids = list(vocab.values())
    require(all(type(i) is int and 0 <= i < LARGEST_ID for i in [*ids, *added.values()]),
            'id_not_whole', most=LARGEST_ID)
    require(len(set(ids)) == len(ids), 'id_twice')
    tokens = {character: bytes([byte]) for byte, character in enumerate(byte_alphabet())}
    require(tokens.keys() <= vocab.keys(), 'byte_lacks')
    pairs = []
    for rank, merge in enumerate(merges):
        left, right = merge.split(' ') if isinstance(merge, str) else merge
        require(left in tokens and right in tokens, 'merge_early', rank=rank)
        require(left + right in vocab, 'merge_without_id', rank=rank)
        tokens[left + right] = tokens[left] + tokens[right]
        pairs.append((vocab[left], vocab[right]))
    require(len(set(pairs)) == len(pairs), 'merge_twice')
    unmade = vocab.keys() - tokens.keys() - added.keys()
    require(not unmade, 'unmade', count=len(unmade), name=repr(min(unmade, default='')))
    check_added(vocab, tokens, added)
    return {'merges': pairs, 'vocab': {token: vocab[name] for name, token in tokens.items()}}


def check_added(vocab: dict[str, int], tokens: dict[str, bytes], added: dict[str, int]) -> None:
    """Each special token has the id that Hugging Face would give it, and no ordinary token's."""
    following = len(vocab)
    for name, token_id in added.items():
        require(name not in tokens, 'special_is_ordinary', name=repr(name))
        require(token_id == vocab.get(name, following),
                'special_id', name=repr(name), got=token_id)
        if name not in vocab:
            following += 1
