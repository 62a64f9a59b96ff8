"""tokenizer.json is exact both ways, and a file that is not is refused."""

import json
import random

import pytest

from minigpt.errors import TokenizerError
from minigpt.tokenizer import END_OF_TEXT, BPETokenizer
from tests.formats.fuzz import CASES, assert_refused_or_read, spoilt_bytes, spoilt_document


@pytest.fixture(scope='module')
def tokenizer():
    return BPETokenizer.train('o rato roeu a roupa do rei de Roma, não é? ' * 9, 290, [END_OF_TEXT])


def test_saved_and_loaded_tokenizer_is_the_same(tokenizer, tmp_path):
    tokenizer.save(tmp_path / 'tokenizer.json')
    loaded = BPETokenizer.load(tmp_path / 'tokenizer.json')
    assert loaded.merges == tokenizer.merges
    assert loaded.special_tokens == tokenizer.special_tokens
    assert loaded.encode('a roupa de Roma 🙂') == tokenizer.encode('a roupa de Roma 🙂')


def test_bytes_are_written_in_gpt2s_alphabet(tokenizer):
    vocab = json.loads(tokenizer.to_json())['model']['vocab']
    assert vocab['Ġ'] == 32 and vocab['Ċ'] == 10 and vocab['a'] == 97
    assert [0xC3, 0xA3] == [vocab['Ã'], vocab['£']]  # the bytes of "ã"


def test_other_ids_for_the_same_tokens_are_another_layout(tokenizer):
    document = json.loads(tokenizer.to_json())
    vocab = document['model']['vocab']
    vocab['a'], vocab['b'] = vocab['b'], vocab['a']
    swapped = BPETokenizer.from_json(json.dumps(document))
    exchanged = {97: 98, 98: 97}
    expected = [exchanged.get(i, i) for i in tokenizer.encode('abade a rata')]
    assert swapped.encode('abade a rata') == expected
    assert swapped.decode(expected) == 'abade a rata'
    assert json.loads(swapped.to_json()) == document


def spoil(document, how):
    {'missing byte': lambda: document['model']['vocab'].pop('a'),
     'id twice': lambda: document['model']['vocab'].update(a=98),
     'huge id': lambda: document['model']['vocab'].update(a=2 ** 40),
     'prefix space': lambda: document['pre_tokenizer'].update(add_prefix_space=True),
     'other pattern': lambda: document.update(pre_tokenizer={
         'type': 'Sequence', 'pretokenizers': [
             {'type': 'Split', 'pattern': {'Regex': r'\w+'}, 'behavior': 'Isolated',
              'invert': False}, {'type': 'ByteLevel', 'add_prefix_space': False,
                                 'use_regex': False}]}),
     'normalizer': lambda: document.update(normalizer={'type': 'NFC'}),
     'dropout': lambda: document['model'].update(dropout=0.1),
     'whole words first': lambda: document['model'].update(ignore_merges=True),
     'token added to each text': lambda: document.update(post_processor={
         'type': 'TemplateProcessing'}),
     'not ByteLevel': lambda: document.update(decoder={'type': 'WordPiece'}),
     'other model': lambda: document['model'].update(type='Unigram'),
     'strips spaces': lambda: document['added_tokens'][0].update(lstrip=True),
     'not special': lambda: document['added_tokens'][0].update(special=False),
     'special is a byte': lambda: document['added_tokens'][0].update(content='a', id=97),
     'merge twice': lambda: document['model']['merges'].append(document['model']['merges'][0]),
     'merge missing': lambda: document['model']['merges'].pop(),
     'merges out of order': lambda: document['model']['merges'].reverse(),
     'gap before special': lambda: document['added_tokens'][0].update(id=500),
     'boolean id': lambda: document['model']['vocab'].update(a=True),
     'no model': lambda: document.pop('model'),
     'merges are text': lambda: document['model'].update(merges=['a b'])}[how]()


@pytest.mark.parametrize('how', [
    'missing byte', 'id twice', 'huge id', 'prefix space', 'other pattern', 'normalizer', 'dropout',
    'whole words first', 'token added to each text', 'not ByteLevel', 'other model',
    'strips spaces', 'not special', 'special is a byte', 'merge twice', 'merge missing',
    'merges out of order', 'gap before special', 'boolean id', 'no model', 'merges are text'])
def test_spoilt_file_is_refused(tokenizer, how):
    document = json.loads(tokenizer.to_json())
    spoil(document, how)
    with pytest.raises(TokenizerError, match='not a byte-level BPE'):
        BPETokenizer.from_json(json.dumps(document))


@pytest.mark.parametrize('text', ['', '[]', '{', 'null', '[' * 100_000])
def test_not_even_the_right_json_is_refused(text):
    with pytest.raises(TokenizerError):
        BPETokenizer.from_json(text)


def test_a_name_twice_in_one_object_is_refused(tokenizer):
    text = tokenizer.to_json().replace('"vocab": {', '"vocab": {"a": 97, ')
    with pytest.raises(TokenizerError, match='twice'):
        BPETokenizer.from_json(text)


@pytest.mark.parametrize('pattern', ['gpt2', 'gpt4', 'gpt4-2022'])
def test_the_pattern_is_saved_and_loaded(pattern):
    tokenizer = BPETokenizer.train('Há 12345 gatos!\n\n  ' * 9, 280, pattern=pattern)
    steps = json.loads(tokenizer.to_json())['pre_tokenizer']
    assert (steps['type'] == 'Sequence') == (pattern != 'gpt2')
    loaded = BPETokenizer.from_json(tokenizer.to_json())
    assert loaded.pattern == pattern
    assert loaded.encode('12345!\n  ') == tokenizer.encode('12345!\n  ')


def test_special_ids_that_do_not_follow_are_written_into_the_vocabulary():
    tokenizer = BPETokenizer([(97, 98)], {'<|b|>': 300, '<|a|>': 290})
    document = json.loads(tokenizer.to_json())
    assert document['model']['vocab']['<|b|>'] == 300
    loaded = BPETokenizer.from_json(json.dumps(document))
    assert loaded.special_tokens == tokenizer.special_tokens
    assert loaded.encode('ab<|a|>', 'allow') == [256, 290]


def test_a_special_token_written_like_an_ordinary_one_cannot_be_saved():
    with pytest.raises(TokenizerError, match='written so'):
        BPETokenizer([], ['Ġ']).to_json()


def test_spoilt_files_are_refused_or_read(tokenizer):
    rng = random.Random(4)
    document = json.loads(tokenizer.to_json())
    good = tokenizer.to_json().encode()
    for case in range(CASES):
        data = (json.dumps(spoilt_document(document, rng)).encode() if case % 2
                else spoilt_bytes(good, rng)).decode('utf-8', 'replace')
        assert_refused_or_read(BPETokenizer.from_json, data, TokenizerError, keeps_texts)


def keeps_texts(tokenizer):
    for text in ('o rato roeu', 'Não é? 🙂\n\n 123'):
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert BPETokenizer.from_json(tokenizer.to_json()).encode('a roupa') == tokenizer.encode(
        'a roupa')


def test_missing_file_is_named(tmp_path):
    with pytest.raises(TokenizerError, match='nowhere.json'):
        BPETokenizer.load(tmp_path / 'nowhere.json')
