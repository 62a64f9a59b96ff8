"""Special tokens written in a text are text, are themselves, or are refused: as asked."""

import pytest

from minigpt.errors import TokenizerError
from minigpt.tokenizer import BPETokenizer

NAMES = ['<|end|>', '<|end|>2', '<|start|>', '[a-z]+']


@pytest.fixture(scope='module')
def tokenizer():
    return BPETokenizer.train('era uma vez um gato ' * 9, 280, NAMES)


def test_as_text_is_the_default(tokenizer):
    assert max(tokenizer.encode('uma<|end|>vez')) < min(tokenizer.special_tokens.values())
    assert tokenizer.encode('uma<|end|>vez') == tokenizer.encode('uma<|end|>vez', special='text')


def test_allowed_is_its_own_id(tokenizer):
    end = tokenizer.special_tokens['<|end|>']
    assert tokenizer.encode('uma<|end|> vez<|end|>', special='allow') == [
        *tokenizer.encode('uma'), end, *tokenizer.encode(' vez'), end]


def test_the_longest_name_wins_and_names_are_not_patterns(tokenizer):
    ids = [tokenizer.special_tokens[name] for name in ('<|end|>2', '<|end|>', '[a-z]+')]
    assert tokenizer.encode('<|end|>2<|end|>[a-z]+', special='allow') == ids
    assert tokenizer.encode('abc', special='allow') == tokenizer.encode('abc')


def test_decoding_gives_the_text_back(tokenizer):
    text = '<|start|>era uma vez<|end|>2 <|end|'
    assert tokenizer.decode(tokenizer.encode(text, special='allow')) == text


def test_refused_is_named_with_its_place(tokenizer):
    with pytest.raises(TokenizerError, match=r'<\|end\|>2 at character 3'):
        tokenizer.encode('uma<|end|>2', special='refuse')
    assert tokenizer.encode('uma vez', special='refuse') == tokenizer.encode('uma vez')


def test_without_special_tokens_nothing_is_found():
    plain = BPETokenizer([])
    for mode in ('text', 'allow', 'refuse'):
        assert plain.encode('<|end|>', special=mode) == list(b'<|end|>')


def test_another_mode_is_named(tokenizer):
    with pytest.raises(TokenizerError, match='got ignore'):
        tokenizer.encode('a', special='ignore')


@pytest.mark.parametrize('names', [['a', 'a'], [''], [3], 'abc', {'a': 97}, {'a': -1}, {'a': True},
                                   {'a': 300, 'b': 300}, {'a': 2 ** 40}, {'a': '300'}, ['a\ud800']])
def test_unusable_special_tokens_are_refused(names):
    with pytest.raises(TokenizerError, match='special token'):
        BPETokenizer([], names)


def test_ids_can_be_given_and_leave_gaps():
    tokenizer = BPETokenizer([], {'<|b|>': 260})
    assert tokenizer.vocab_size == 261
    assert tokenizer.encode('<|b|>', special='allow') == [260]
    with pytest.raises(TokenizerError, match='257 is not in the vocabulary'):
        tokenizer.decode([257])
