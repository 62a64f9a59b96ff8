"""Any text goes to ids and comes back; the vocabulary is the one the algorithm's paper describes."""

import functools
import random

import pytest
from hypothesis import given, strategies as st

from minigpt.errors import TextError, TokenizerError
from minigpt.tokenizer import END_OF_TEXT, BPETokenizer, word_cache
from minigpt.tokenizer.merge import apply_merges, apply_merges_queued
from minigpt.tokenizer.split import compiled, split, without_surrogates

SAMPLE = ('O menino não dormiu; a menina, porém, dormiu cedo. Corações, maçãs e pães! '
          'Ação e reação: 1, 2, 3… 🙂 ') * 20


@functools.cache
def trained(pattern):
    return BPETokenizer.train(SAMPLE, 300, [END_OF_TEXT], pattern=pattern)


@pytest.fixture(scope='module')
def tokenizer():
    return trained('gpt2')


@given(st.text(), st.sampled_from(['gpt2', 'gpt4', 'gpt4-2022']))
def test_round_trip(text, pattern):
    tokenizer = trained(pattern)
    assert tokenizer.decode(tokenizer.encode(text)) == without_surrogates(text)


@given(st.text(alphabet=st.characters(exclude_categories=['Cs'])), st.data())
def test_streamed_decoding_is_decoding(tokenizer, text, data):
    ids = tokenizer.encode(text) + data.draw(st.lists(st.integers(0, 255), max_size=4))
    pieces = list(tokenizer.decode_stream(ids))
    assert ''.join(pieces) == tokenizer.decode(ids)


def test_streamed_decoding_waits_for_a_whole_character(tokenizer):
    assert list(tokenizer.decode_stream('ã'.encode())) == ['', 'ã', '']


def test_lone_surrogate_becomes_the_replacement_character(tokenizer):
    assert tokenizer.decode(tokenizer.encode('a\ud800b')) == 'a\ufffdb'


def test_worked_example():
    # "aaabdaaabac" (the usual textbook example): aa, then a+aa is tied with ab and the smaller
    # ids go first.
    steps = list(BPETokenizer.train_steps('aaabdaaabac', 259))
    assert [step.token for step in steps] == [b'aa', b'ab', b'aaab']
    assert [step.count for step in steps] == [4, 2, 2]


def test_incremental_training_equals_counting_anew():
    steps = list(BPETokenizer.train_steps(SAMPLE, 330))
    words = [list(word.encode()) for word in split(SAMPLE)]
    for step in steps:
        counts = {}
        for word in words:
            for pair in zip(word, word[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        assert (step.pair, step.count) == (best, counts[best])
        for word in words:
            i = 0
            while i < len(word) - 1:
                if (word[i], word[i + 1]) == best:
                    word[i:i + 2] = [step.new_id]
                i += 1


def test_frequent_words_are_one_token(tokenizer):
    assert len(tokenizer.encode(' menin')) == 1
    assert len(tokenizer.encode(' xyzq')) > 3


def test_vocabulary_has_the_size_asked_for(tokenizer):
    assert tokenizer.vocab_size == 300
    assert tokenizer.end_of_text == 299
    assert tokenizer.token_bytes(299) == END_OF_TEXT.encode()


def test_special_token_written_in_a_text_is_ordinary_text(tokenizer):
    ids = tokenizer.encode(END_OF_TEXT)
    assert tokenizer.end_of_text not in ids
    assert tokenizer.decode(ids) == END_OF_TEXT


def test_two_merges_that_spell_the_same_token_share_its_id():
    tokenizer = BPETokenizer([(97, 98), (98, 99), (256, 99), (97, 257)])  # ab, bc, ab+c, a+bc
    assert tokenizer.vocab_size == 259
    assert BPETokenizer.from_json(tokenizer.to_json()).merges == tokenizer.merges


def test_long_words_merge_as_short_ones_do():
    ranks = {pair: rank for rank, pair in enumerate(
        [(97, 97), (256, 97), (98, 97), (257, 256), (97, 98), (256, 256)])}
    rng = random.Random(5)
    for _ in range(200):
        ids = [97 + (rng.random() < 0.2) for _ in range(rng.randrange(1, 60))]
        made = list(range(256, 262))
        assert apply_merges_queued(ids, ranks, made) == apply_merges(list(ids), ranks, made)


def test_ten_thousand_times_the_same_letter(tokenizer):
    for text in ('a' * 10_000, 'ão' * 10_000, ' ' * 10_000, '\n' * 10_000 + 'x', '🙂' * 10_000):
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_a_pair_that_comes_back_is_learnt_once():
    # "abc" is spelt by ab+c and by a+bc, so a pair with it can appear again after its merge.
    rng = random.Random(6)
    for _ in range(50):
        text = ' '.join(''.join(rng.choice('abc') for _ in range(rng.randrange(1, 9)))
                        for _ in range(200))
        tokenizer = BPETokenizer.train(text, 400)
        assert len(set(tokenizer.merges)) == len(tokenizer.merges)
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_encoding_steps_end_where_encoding_does(tokenizer):
    text = 'O menino não dormiu; corações 123'
    steps = list(tokenizer.encode_steps(text))
    assert sum(steps[-1].words, []) == tokenizer.encode(text)
    assert len(sum(tokenizer.words(text), [])) - len(tokenizer.encode(text)) == sum(
        step.count for step in steps)
    assert [step.rank for step in steps] == sorted(step.rank for step in steps)
    for step in steps:
        assert step.pair == tokenizer.merges[step.rank]
        assert step.token == tokenizer.token_bytes(step.new_id)


@given(st.text(alphabet='abc ã1\n', max_size=60))
def test_encoding_steps_are_encoding(tokenizer, text):
    words = tokenizer.words(text)
    for step in tokenizer.encode_steps(text):
        words = step.words
    assert sum(words, []) == tokenizer.encode(text)


def test_the_word_cache_is_bounded(monkeypatch):
    monkeypatch.setattr(word_cache, 'WORDS', 100)
    tokenizer = BPETokenizer([])
    text = ' '.join(f'palavra{i}' for i in range(1000)) + ' ' + 'longa' * 100
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer._cache) <= 100
    assert max(map(len, tokenizer._cache)) <= word_cache.LONGEST


def test_words_that_were_forgotten_are_encoded_as_before():
    tokenizer = BPETokenizer.train('o gato e o rato ' * 20, 262)
    ids = tokenizer.encode('o gato e o rato')
    tokenizer.forget_words()
    assert not tokenizer._cache and tokenizer.encode('o gato e o rato') == ids


@pytest.mark.parametrize(('text', 'words'), [
    ('O gato dorme.', ['O', ' gato', ' dorme', '.']),
    ("it's  two", ['it', "'s", ' ', ' two']),
    ('a\n\n b1½', ['a', '\n\n', ' b', '1½']),
    ('não\u00a0é', ['não', '\u00a0', 'é']),
    ('\x1cx', ['\x1c', 'x']),
])
def test_split(text, words):
    assert split(text) == words


@pytest.mark.parametrize(('text', 'words'), [
    ("DON'T I'LL it'ſ", ['DON', "'T", ' I', "'LL", ' it', "'ſ"]),
    ('12345 67', ['123', '45', ' ', '67']),
    ('(não)', ['(não', ')']),
    ('x = 1;\r\n\r\n  y', ['x', ' =', ' ', '1', ';\r\n\r\n', ' ', ' y']),
    ('a \n \n  b', ['a', ' \n \n', ' ', ' b']),
    ('a \n  ', ['a', ' \n  ']),
    ('𝔘𝔫 𐐷𝟘𝟙𝟚𝟛 🙂', ['𝔘𝔫', ' 𐐷', '𝟘𝟙𝟚', '𝟛', ' 🙂']),
])
def test_split_as_gpt4_does(text, words):
    assert split(text, 'gpt4') == words


def test_split_as_first_published_ends_after_the_last_line_break():
    assert split('a \n  ', 'gpt4-2022') == ['a', ' \n', '  ']
    assert split('a \n  b 123', 'gpt4-2022') == split('a \n  b 123', 'gpt4')


@pytest.mark.parametrize('pattern', ['gpt2', 'gpt4', 'gpt4-2022'])
@given(st.text())
def test_split_loses_nothing(pattern, text):
    assert ''.join(split(text, pattern)) == text


@pytest.mark.parametrize('pattern', ['gpt2', 'gpt4', 'gpt4-2022'])
@given(st.text(alphabet=st.characters(max_codepoint=0xFFFF)))
def test_the_quick_pattern_splits_as_the_full_one(pattern, text):
    assert compiled(pattern, False).findall(text) == compiled(pattern, True).findall(text)


def test_bad_input_is_named(tokenizer):
    with pytest.raises(TokenizerError, match='at least 256'):
        BPETokenizer.train('abc', 100)
    with pytest.raises(TokenizerError, match='at least 258 .*got 257'):
        BPETokenizer.train('abc', 257, ['<a>', '<b>'])
    with pytest.raises(TextError, match='got bytes'):
        BPETokenizer.train(b'abc', 300)
    with pytest.raises(TextError, match='empty'):
        BPETokenizer.train('', 300)
    with pytest.raises(TextError, match='got bytes'):
        tokenizer.encode(b'abc')
    with pytest.raises(TokenizerError, match='no split pattern gpt5'):
        BPETokenizer.train('abc', 300, pattern='gpt5')
    with pytest.raises(TokenizerError, match='300 is not in the vocabulary'):
        tokenizer.decode([300])
    with pytest.raises(TokenizerError):
        tokenizer.decode([-1])
