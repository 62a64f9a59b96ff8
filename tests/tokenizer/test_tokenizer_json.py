"""tokenizer.json is exact both ways, and a file that is not is refused."""

import json

import pytest

from minigpt.errors import TokenizerError
from minigpt.tokenizer import END_OF_TEXT, BPETokenizer


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


def swap_first_ids(document):
    vocab = document['model']['vocab']
    vocab['a'], vocab['b'] = vocab['b'], vocab['a']


def spoil(document, how):
    {'missing byte': lambda: document['model']['vocab'].pop('a'),
     'swapped bytes': lambda: swap_first_ids(document),
     'merge twice': lambda: document['model']['merges'].append(document['model']['merges'][0]),
     'merge missing': lambda: document['model']['merges'].pop(),
     'merges out of order': lambda: document['model']['merges'].reverse(),
     'gap before special': lambda: document['added_tokens'][0].update(id=500),
     'boolean id': lambda: document['model']['vocab'].update(a=True),
     'no model': lambda: document.pop('model'),
     'merges are text': lambda: document['model'].update(merges=['a b'])}[how]()


@pytest.mark.parametrize('how', ['missing byte', 'swapped bytes', 'merge twice', 'merge missing',
                                 'merges out of order', 'gap before special', 'boolean id',
                                 'no model', 'merges are text'])
def test_spoilt_file_is_refused(tokenizer, how):
    document = json.loads(tokenizer.to_json())
    spoil(document, how)
    with pytest.raises(TokenizerError, match='not a byte-level BPE'):
        BPETokenizer.from_json(json.dumps(document))


@pytest.mark.parametrize('text', ['', '[]', '{', 'null', '[' * 100_000])
def test_not_even_the_right_json_is_refused(text):
    with pytest.raises(TokenizerError):
        BPETokenizer.from_json(text)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(TokenizerError, match='nowhere.json'):
        BPETokenizer.load(tmp_path / 'nowhere.json')
