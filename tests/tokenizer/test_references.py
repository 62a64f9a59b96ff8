"""The same ids as Hugging Face `tokenizers` and tiktoken, from golden files of both.

`python -m tests.golden.make_tokenizer --live` compares with the libraries themselves, on every
character of Unicode as well.
"""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from minigpt.tokenizer import BPETokenizer
from minigpt.tokenizer.split import split
from minigpt.tokenizer.tokenizer_json import byte_alphabet
from minigpt.tokenizer.train import merge_steps_of
from tests.tokenizer.strings import SAMPLE, borders, strings

GOLDEN = json.loads((Path(__file__).parents[1] / 'golden' / 'tokenizer.json').read_text())
GROUP = 500


@pytest.mark.parametrize('pattern', ['gpt2', 'gpt4', 'gpt4-2022'])
def test_ids_are_those_of_both_libraries(pattern):
    golden = GOLDEN['patterns'][pattern]
    tokenizer = BPETokenizer.from_json(golden['tokenizer'])
    assert tokenizer.pattern == pattern
    texts = strings()
    assert len(texts) >= 10_000
    for start, expected in zip(range(0, len(texts), GROUP), golden['hashes'], strict=True):
        rows = [json.dumps(tokenizer.encode(text)) for text in texts[start:start + GROUP]]
        found = hashlib.sha256('\n'.join(rows).encode()).hexdigest()[:16]
        assert found == expected, f'strings {start} to {start + GROUP}'


def test_every_border_of_the_tables_is_among_the_strings():
    assert set(borders()) <= set(''.join(strings(0)))
    assert len(borders()) > 2500


def test_merges_are_those_hugging_face_trains():
    """With its order of the bytes, which decides between equally frequent pairs."""
    alphabet = sorted(byte_alphabet())
    bytes_in_order = [bytes([byte_alphabet().index(character)]) for character in alphabet]
    id_of = {token[0]: i for i, token in enumerate(bytes_in_order)}
    counted = Counter(split(SAMPLE))
    words = [[id_of[byte] for byte in word.encode()] for word in counted]
    tokens, merges = list(bytes_in_order), []
    for merge in merge_steps_of(words, list(counted.values()), bytes_in_order):
        merges.append([tokens[part] for part in merge.pair])
        if merge.new_id == len(tokens):
            tokens.append(merge.token)
        if len(tokens) == 900:
            break
    written = [[''.join(byte_alphabet()[byte] for byte in part) for part in pair]
               for pair in merges]
    assert written == GOLDEN['training']


def test_rank_file_gives_the_tokenizer_it_was_made_from(tmp_path):
    (tmp_path / 'small.tiktoken').write_text(GOLDEN['ranks'])
    ranked = BPETokenizer.from_tiktoken(tmp_path / 'small.tiktoken')
    original = BPETokenizer.from_json(GOLDEN['patterns']['gpt4']['tokenizer'])
    assert ranked.merges == original.merges
    assert ranked.encode(SAMPLE) == original.encode(SAMPLE)


def test_a_file_in_gpt2s_order_and_form_is_read():
    """As GPT-2's own is: bytes in alphabet order, merges as "a b", the special token in vocab."""
    document = json.loads(GOLDEN['patterns']['gpt2']['tokenizer'])
    expected = BPETokenizer.from_json(json.dumps(document))
    end = document['added_tokens'][0] | {'normalized': True}
    document['added_tokens'] = [end]
    document['pre_tokenizer'] = {'type': 'ByteLevel', 'add_prefix_space': False,
                                 'trim_offsets': True}
    document['post_processor'] = {'type': 'ByteLevel', 'add_prefix_space': True,
                                  'trim_offsets': False}
    model = document['model']
    model |= {'continuing_subword_prefix': '', 'end_of_word_suffix': '',
              'merges': [' '.join(merge) for merge in model['merges']]}
    model['vocab'][end['content']] = end['id']
    del model['type']
    tokenizer = BPETokenizer.from_json(json.dumps(document))
    assert tokenizer.token_bytes(0) == b'!'
    assert tokenizer.encode(SAMPLE) == expected.encode(SAMPLE)
    assert tokenizer.special_tokens == {end['content']: end['id']}
    assert BPETokenizer.from_json(tokenizer.to_json()).encode(SAMPLE) == expected.encode(SAMPLE)
