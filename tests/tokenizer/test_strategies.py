"""The strategies BPE is compared with: the same interface, each with its own loss."""

import math

import pytest

from minigpt.errors import TextError, TokenizerError
from minigpt.tokenizer import (STRATEGIES, ByteTokenizer, CharacterTokenizer,
                               WhitespaceBPETokenizer, WordTokenizer, text_statistics,
                               vocabulary_growth)

TEXT = 'o gato viu o rato.  O rato não viu o gato.\n' * 5


@pytest.fixture(params=STRATEGIES)
def tokenizer(request):
    return STRATEGIES[request.param].train(TEXT, 280)


def test_the_interface_is_the_same(tokenizer):
    ids = tokenizer.encode(TEXT)
    assert all(type(i) is int and 0 <= i < tokenizer.vocab_size <= 280 for i in ids)
    assert all(isinstance(tokenizer.token_bytes(i), bytes) for i in range(tokenizer.vocab_size))
    assert tokenizer.decode(ids).split() == TEXT.split()
    assert tokenizer.unknown not in ids
    with pytest.raises(TokenizerError, match='not in the vocabulary'):
        tokenizer.decode([tokenizer.vocab_size])
    with pytest.raises(TokenizerError):
        tokenizer.decode([-1])
    with pytest.raises(TextError, match='got bytes'):
        tokenizer.encode(b'abc')


@pytest.mark.parametrize('name', ['bpe', 'bytes', 'characters', 'words'])
def test_all_but_the_whitespace_strategy_give_the_very_text_back(name):
    tokenizer = STRATEGIES[name].train(TEXT, 280)
    assert tokenizer.decode(tokenizer.encode(TEXT)) == TEXT


def test_bytes():
    assert ByteTokenizer().encode('ã') == [0xC3, 0xA3]


def test_characters_lose_the_ones_they_never_saw():
    tokenizer = CharacterTokenizer.train('aab', 10)
    assert tokenizer.symbols == ['<unk>', 'a', 'b']
    assert tokenizer.encode('ab🙂') == [1, 2, 0]
    assert tokenizer.decode([1, 2, 0]) == 'ab<unk>'


def test_words_keep_the_most_frequent():
    tokenizer = WordTokenizer.train('um gato e um rato e um', 3)
    assert tokenizer.symbols == ['<unk>', ' e', ' um']
    assert tokenizer.decode(tokenizer.encode('e um rato e')) == '<unk> um<unk> e'


def test_whitespace_bpe_learns_the_example_of_its_paper():
    # Sennrich et al. 2016, algorithm 1: low, lower, newest, widest. The paper has e+s, es+t,
    # est+</w>; es+t is tied with t+</w>, whose ids are smaller.
    text = 'low ' * 5 + 'lower ' * 2 + 'newest ' * 6 + 'widest ' * 3
    tokenizer = WhitespaceBPETokenizer.train(text, 2 + 10 + 4)
    learnt = [tokenizer.token_bytes(i) for i in range(12, 16)]
    assert learnt == [b'es', b't</w>', b'est</w>', b'lo']
    assert tokenizer.decode(tokenizer.encode('  lowest\n\nwider ')) == 'lowest wider'
    assert tokenizer.decode(tokenizer.encode('low é')) == 'low <unk>'


def test_whitespace_bpe_can_spell_its_own_marks():
    text = 'a</w>b <unk> </w> ' * 9
    tokenizer = WhitespaceBPETokenizer.train(text, 40)
    assert tokenizer.decode(tokenizer.encode(text)) == text.strip()
    assert tokenizer.unknown not in tokenizer.encode(text)


@pytest.mark.parametrize('kind', [CharacterTokenizer, WordTokenizer, WhitespaceBPETokenizer])
def test_bad_sizes_and_texts_are_named(kind):
    with pytest.raises(TokenizerError, match='vocab_size'):
        kind.train('abc', 0)
    with pytest.raises(TextError, match='empty'):
        kind.train('', 300)


def test_statistics_of_bytes_are_known():
    found = text_statistics(ByteTokenizer(), 'não é não')
    assert (found.n_characters, found.n_bytes, found.n_words) == (9, 12, 3)
    assert (found.n_tokens, found.n_distinct, found.n_unknown) == (12, 6, 0)
    assert found.bytes_per_token == 1
    assert found.characters_per_token == 9 / 12
    assert found.tokens_per_word == 4


def test_statistics_count_what_is_lost():
    found = text_statistics(WordTokenizer.train('um dois', 10), 'um três')
    assert found.n_unknown == 1


def test_statistics_without_words_or_tokens():
    assert math.isnan(text_statistics(ByteTokenizer(), '  ').tokens_per_word)
    with pytest.raises(TextError, match='empty'):
        text_statistics(ByteTokenizer(), '')


def test_vocabulary_growth_counts_distinct_tokens():
    assert vocabulary_growth([1, 1, 2, 3, 3, 1], points=3) == [(2, 1), (4, 3), (6, 3)]
    assert vocabulary_growth([5], points=50) == [(1, 1)]
    assert vocabulary_growth([]) == []
