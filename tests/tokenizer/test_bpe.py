"""Any text goes to ids and comes back; the vocabulary is the one the algorithm's paper describes."""

import pytest
from hypothesis import given, strategies as st

from minigpt.errors import TextError, TokenizerError
from minigpt.tokenizer import END_OF_TEXT, BPETokenizer
from minigpt.tokenizer.split import split

SAMPLE = ('O menino não dormiu; a menina, porém, dormiu cedo. Corações, maçãs e pães! '
          'Ação e reação: 1, 2, 3… 🙂 ') * 20


@pytest.fixture(scope='module')
def tokenizer():
    return BPETokenizer.train(SAMPLE, 300, [END_OF_TEXT])


@given(st.text(alphabet=st.characters(exclude_categories=['Cs'])))
def test_round_trip(tokenizer, text):
    assert tokenizer.decode(tokenizer.encode(text)) == text


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


@pytest.mark.parametrize(('text', 'words'), [
    ('O gato dorme.', ['O', ' gato', ' dorme', '.']),
    ("it's  two", ['it', "'s", ' ', ' two']),
    ('a\n\n b1½', ['a', '\n\n', ' b', '1½']),
    ('não\u00a0é', ['não', '\u00a0', 'é']),
    ('\x1cx', ['\x1c', 'x']),
])
def test_split(text, words):
    assert split(text) == words


@given(st.text())
def test_split_loses_nothing(text):
    assert ''.join(split(text)) == text


def test_bad_input_is_named(tokenizer):
    with pytest.raises(TokenizerError, match='at least 256'):
        BPETokenizer.train('abc', 100)
    with pytest.raises(TextError, match='empty'):
        BPETokenizer.train('', 300)
    with pytest.raises(TextError, match='got bytes'):
        tokenizer.encode(b'abc')
    with pytest.raises(TokenizerError, match='300 is not in the vocabulary'):
        tokenizer.decode([300])
    with pytest.raises(TokenizerError):
        tokenizer.decode([-1])
