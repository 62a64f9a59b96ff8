"""What every strategy promises: exact offsets, the whole text, sizes and overlaps as asked."""

import pickle

import pytest
from hypothesis import given, strategies as st

from minigpt.chunking import REASONS, STRATEGIES, Chunk, chunk
from minigpt.errors import ChunkingError, TextError
from minigpt.tokenizer import BPETokenizer

PROSE = ('O rio desce a serra. A ponte, velha e torta, range quando o vento sopra! Quem passa?\n'
         '— Eu — disse o menino. — Posso?\n\nO Dr. Lima riu… e deixou. Pagou R$ 3,50. ')
PIECES = st.sampled_from([
    'casa ', 'gato', 'Rio', ' ', '\n', '\n\n', '\r\n', '. ', '! ', ', ', '— ', 'Sr. ', '3.5', '。',
    'ã', 'e\u0301', '👨\u200d👩\u200d👧', '🇧🇷', '☎\ufe0f', 'שלום ', 'مرحبا. ',
    '\u00a0', '\u200d', '\u0301',
    '\ud83d', '\ude00', '\x00', 'x' * 30])
TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=80).map(''.join))
STRATEGY = st.sampled_from(sorted(STRATEGIES))
TOKENIZER = BPETokenizer.train(PROSE * 3, 320)


@st.composite
def requests(draw):
    size = draw(st.integers(1, 60))
    overlap = draw(st.one_of(st.integers(0, size - 1), st.floats(0, 0.99)))
    return draw(TEXT), draw(STRATEGY), size, overlap, {
        'preserve_sentences': draw(st.booleans()), 'preserve_paragraphs': draw(st.booleans())}


def check_promises(text, chunks):
    assert ''.join(c.text[c.overlap:] for c in chunks) == text  # covered once, in order
    assert [c.start for c in chunks] == sorted({c.start for c in chunks})
    assert [c.end for c in chunks] == sorted({c.end for c in chunks})
    before = 0
    for c in chunks:
        assert text[c.start:c.end] == c.text != ''
        assert c.overlap == before - c.start >= 0
        assert c.reason in REASONS
        before = c.end
    assert [c.reason for c in chunks[-1:]] == ['end'] * bool(text)


def whole_graphemes(text, at):
    return 0 < at < len(text) and (
        text[at] in '\u0301\u200d\ufe0f' and text[at - 1] > ' '
        or text[at - 1] == '\ud83d' and text[at] == '\ude00' or text[at - 1:at + 1] == '\r\n')


@given(requests())
def test_promises(request):
    text, strategy, size, overlap, keep = request
    chunks = chunk(text, strategy, size, overlap, **keep)
    check_promises(text, chunks)
    for c in chunks:
        assert not whole_graphemes(text, c.start) and not whole_graphemes(text, c.end)
        if len(c) > size:  # then it is one grapheme and repeats nothing
            assert c.overlap == 0 and len(chunk(c.text, 'fixed', 1, 0)) == 1


@given(requests())
def test_promises_in_tokens(request):
    text, strategy, size, overlap, keep = request
    chunks = chunk(text, strategy, size, overlap, TOKENIZER, **keep)
    check_promises(text, chunks)
    for c in chunks:
        assert c.n_tokens == len(TOKENIZER.encode(c.text))
        if c.n_tokens > size:
            assert c.overlap == 0 and len(chunk(c.text, 'fixed', 1, 0)) == 1


@given(requests())
def test_overlap_is_at_most_what_was_asked(request):
    text, strategy, size, overlap, _ = request
    asked = overlap if isinstance(overlap, int) else int(size * overlap)
    if strategy not in ('overlap', 'sliding'):
        assert all(c.overlap <= asked for c in chunk(text, strategy, size, overlap))


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_small_texts(strategy):
    assert chunk('', strategy) == []
    for text in ('a', ' ', '\n\n\n', 'e\u0301', '😀', 'Olá.'):
        [only] = chunk(text, strategy)
        assert (only.text, only.reason, only.overlap, only.n_tokens) == (text, 'end', 0, None)


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_white_space_alone(strategy):
    check_promises(' \n' * 100, chunk(' \n' * 100, strategy, 16, 4))


@pytest.mark.parametrize(('asked', 'message'), [
    ({'strategy': 'magic'}, 'no chunking strategy magic'),
    ({'size': 0}, 'at least 1, got 0'),
    ({'size': 2.5}, 'whole number of at least 1, got 2.5'),
    ({'size': True}, 'got True'),
    ({'size': 'big'}, 'got big'),
    ({'size': 10, 'overlap': 10}, 'below the chunk size of 10, got 10'),
    ({'overlap': -1}, 'got -1'),
    ({'overlap': 1.0}, 'got 1.0'),
    ({'overlap': float('nan')}, 'got nan'),
    ({'overlap': None}, 'got None'),
    ({'tokenizer': 3}, r'encode\(text\) method, got int'),
])
def test_what_cannot_work_is_named(asked, message):
    for text in ('Um texto.', ''):
        with pytest.raises(ChunkingError, match=message):
            chunk(text, **asked)


def test_text_must_be_text():
    with pytest.raises(TextError, match='got bytes'):
        chunk(b'abc')


def test_a_chunk_survives_pickling():
    for c in chunk(PROSE, size=40):
        copy = pickle.loads(pickle.dumps(c))
        assert isinstance(copy, Chunk) and copy.text == c.text and copy.edges == c.edges


class Words:
    """A foreign tokenizer: it counts words and knows no bytes."""

    def encode(self, text):
        return text.split()


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_any_tokenizer_with_encode_will_do(strategy):
    chunks = chunk(PROSE * 5, strategy, 12, 2, Words())
    check_promises(PROSE * 5, chunks)
    assert all(0 < c.n_tokens <= 12 for c in chunks)


def test_fixed_chunks_of_tokens_are_full():
    chunks = chunk(PROSE * 5, 'fixed', 20, 0, TOKENIZER)
    assert {c.n_tokens for c in chunks[:-1]} <= {19, 20}
