"""Rank files become tokenizers whose ids are the ranks; anything else is refused."""

import base64
import random

import pytest

from minigpt.errors import TokenizerError
from minigpt.tokenizer import BPETokenizer
from minigpt.tokenizer.tiktoken_ranks import loads
from tests.formats.fuzz import CASES, assert_refused_or_read, spoilt_bytes

BYTES = [bytes([byte]) for byte in reversed(range(256))]  # ids need not follow the bytes


def lines(tokens, first=0):
    return b''.join(base64.b64encode(token) + b' %d\n' % rank
                    for rank, token in enumerate(tokens, first))


def tokenizer_of(data):
    merges, vocab = loads(data)
    return BPETokenizer(merges, pattern='gpt4', vocab=vocab)


def test_ids_are_ranks_and_merges_are_recovered(tmp_path):
    path = tmp_path / 'x.tiktoken'
    path.write_bytes(lines([*BYTES, b'ab', b'abab', b'ababc', b'bc']))
    tokenizer = BPETokenizer.from_tiktoken(path, special_tokens=['<|end|>'])
    a, b, c = (255 - ord(letter) for letter in 'abc')
    assert tokenizer.merges == [(a, b), (256, 256), (257, c), (b, c)]
    assert tokenizer.encode('ababc') == [258]
    assert tokenizer.encode('bcab') == [259, 256]
    assert tokenizer.encode('<|end|>', special='allow') == [260]
    assert tokenizer.pattern == 'gpt4'


def test_a_rank_may_be_left_out_for_a_special_token(tmp_path):
    path = tmp_path / 'x.tiktoken'
    path.write_bytes(lines(BYTES) + lines([b'ab'], 300))
    tokenizer = BPETokenizer.from_tiktoken(path, special_tokens={'<|end|>': 256})
    assert tokenizer.encode('ab<|end|>', special='allow') == [300, 256]
    assert BPETokenizer.from_json(tokenizer.to_json()).encode('ab<|end|>', 'allow') == [300, 256]


@pytest.mark.parametrize(('data', 'reason'), [
    (b'', '256 bytes'), (lines(BYTES[1:]), '255'), (lines(BYTES) + b'?? 256\n', 'line 257'),
    (lines(BYTES) + lines([b'ab'], 5), 'seen before'), (lines(BYTES) + lines([b'a'], 256), 'seen'),
    (lines(BYTES) + b'YWI=\n', 'line 257'), (lines(BYTES) + b'YWI= -1\n', 'rank'),
    (lines(BYTES) + b'YWI= 256 7\n', 'rank'), (lines(BYTES) + b'YWI= 99999999999\n', 'rank'),
    (lines(BYTES) + b' 256\n', 'empty'), (lines(BYTES) + lines([b'abc'], 256), 'rank 256'),
    (b'{"version": "1.0"}', 'line 1')])
def test_malformed_rank_files_are_refused(data, reason):
    with pytest.raises(TokenizerError, match=reason):
        loads(data)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(TokenizerError, match='nowhere.tiktoken'):
        BPETokenizer.from_tiktoken(tmp_path / 'nowhere.tiktoken')


def test_spoilt_rank_files_are_refused_or_read():
    rng = random.Random(7)
    good = lines([*BYTES, b'ab', b'abab', b' a', b'\n\n', b'ababab'])
    for _ in range(CASES):
        assert_refused_or_read(tokenizer_of, spoilt_bytes(good, rng), TokenizerError, keeps_texts)


def keeps_texts(tokenizer):
    for text in ('ababab abc', 'Não é? 🙂\n\n 123'):
        assert tokenizer.decode(tokenizer.encode(text)) == text
