"""What sets each strategy apart."""

import numpy as np
import pytest

from minigpt.chunking import STRATEGIES, chunk
from minigpt.chunking.source import Source
from minigpt.chunking.strategies import semantic
from minigpt.chunking.strategies.fixed import equal_steps
from minigpt.chunking.topics import lowest
from minigpt.chunking.walk import Spans
from minigpt.errors import ChunkingError

RIVER = ['O rio desce da serra. ', 'A água do rio é fria. ', 'O rio corre até o mar. ']
BREAD = ['O padeiro faz o pão. ', 'O pão sai do forno. ', 'O forno é do padeiro. ']
TEXT = ''.join(RIVER + BREAD) * 10


def texts(*args, **kwargs):
    return [c.text for c in chunk(*args, **kwargs)]


def test_fixed_cuts_anywhere_and_repeats_exactly():
    assert texts('abcdefghij', 'fixed', 4, 1) == ['abcd', 'defg', 'ghij']
    assert texts('abcdefghij', 'fixed', 4, 0.25) == ['abcd', 'defg', 'ghij']
    assert texts('abcdefghij', 'fixed', 4, 0) == ['abcd', 'efgh', 'ij']


@pytest.mark.parametrize('n', range(1, 30))
def test_equal_steps_are_what_the_walk_gives(n):
    text = ('abcdefghi\u0301' * 9)[:n] + 'x'
    for size in range(1, 12):
        for overlap in range(size):
            walked = chunk('\u0301' + text, 'fixed', size, overlap)  # its start makes it walk
            steps = equal_steps('a' * (n + 2), size, overlap)
            plain = chunk('b' * (n + 2), 'fixed', size, overlap)
            assert [(c.start, c.end) for c in plain] == list(zip(steps.starts, steps.ends))
            assert walked[-1].end == n + 2


def test_sentence_packs_whole_sentences():
    chunks = chunk(TEXT, 'sentence', 70, 0)
    ends = Source(TEXT).sentence_set
    assert all(c.end in ends and c.reason in ('sentence', 'end') for c in chunks)
    for c, following in zip(chunks, chunks[1:]):
        first = following.text.index('. ') + 2
        assert len(c) + first > 70  # one sentence more would not have fitted


def test_sentence_longer_than_a_chunk_is_cut_at_a_clause_then_at_a_word():
    text = 'uma frase muito comprida, sem ponto nenhum que a feche e com palavras demais'
    chunks = chunk(text, 'sentence', 30, 0)
    assert [c.reason for c in chunks] == ['clause', 'word', 'end']
    assert chunks[0].text == 'uma frase muito comprida, '
    assert texts('palavrasemespaço', 'sentence', 6, 0) == ['palavr', 'asemes', 'paço']


def test_overlap_of_sentences_begins_at_a_sentence_else_at_a_word():
    assert chunk(TEXT, 'sentence', 70, 30)[1].text.startswith('O rio corre até o mar. ')
    assert chunk(TEXT, 'sentence', 70, 10)[1].text.startswith('o mar. ')


def test_semantic_cuts_where_the_topic_changes():
    text = ''.join(RIVER + BREAD)
    change = len(''.join(RIVER))
    first = chunk(text, 'semantic', 110, 0)[0]
    assert (first.end, first.reason) == (change, 'topic')
    assert chunk(text, 'sentence', 110, 0)[0].end != change


def test_topics_known_ahead_are_those_that_a_look_at_each_chunk_finds(monkeypatch):
    rng = np.random.default_rng(0)
    pieces = ['. ', '! ', 'a', 'rio ', '\n\n', 'Pão ', '. Forno ', 'padeiro ', '\U0001f600', 'e\u0301 ',
              'x' * 40, '? Rio ', 'Dr. ', '- item\n', '\r\n']
    texts = [''.join(rng.choice(pieces, rng.integers(1, 120))) for _ in range(300)] + [TEXT]
    sizes = [*rng.integers(1, 90, 300).tolist(), 150]

    def cut():
        return [[(c.start, c.end, c.overlap, c.reason)
                 for c in chunk(text, 'semantic', size, overlap)]
                for text, size in zip(texts, sizes) for overlap in (0, 0.1, 0.3, 0.8, size - 1)]

    ahead = cut()
    monkeypatch.setattr(semantic, 'known_topics', lambda *_: lambda *_: Spans([], [], []))
    assert ahead == cut()
    assert {reason for chunks in ahead for *_, reason in chunks} >= {'topic', 'sentence',
                                                                     'paragraph', 'word', 'end'}


def test_the_lowest_of_each_stretch_is_the_first_of_equals():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 5, 200).astype(float)
    first = rng.integers(0, 200, 500)
    last = np.minimum(200, first + rng.integers(0, 60, 500))
    want = [a + np.argmin(values[a:b]) if b > a else a for a, b in zip(first, last)]
    np.testing.assert_array_equal(lowest(values, first, last), want)


def test_semantic_by_vectors():
    seen = []

    def embed(sentences):
        seen.extend(sentences)
        return [[1, 0] if 'rio' in sentence else [0, 1] for sentence in sentences]

    text = ''.join(RIVER + BREAD)
    assert chunk(text, 'semantic', 110, 0, embed=embed)[0].end == len(''.join(RIVER))
    assert seen == RIVER + BREAD


@pytest.mark.parametrize('vectors', [[[1.0]], 5.0, [[float('nan')]] * 6, [1.0] * 6])
def test_vectors_that_are_none_are_refused(vectors):
    with pytest.raises(ChunkingError, match='each of the 6 sentences'):
        chunk(''.join(RIVER + BREAD), 'semantic', 60, embed=lambda sentences: vectors)


def test_sliding_steps_evenly_between_words():
    text = 'um dois tres quatro cinco seis sete oito nove dez ' * 20
    chunks = chunk(text, 'sliding', 60, 0.5)
    assert all(text[c.start - 1] == ' ' for c in chunks[1:])
    steps = np.diff([c.start for c in chunks])
    assert steps.max() <= 30 and steps.min() >= 22
    assert all(c.overlap >= 20 for c in chunks[1:])


def test_overlap_repeats_at_least_what_was_asked_from_a_sentence_on():
    chunks = chunk(TEXT, 'overlap', 120, 10)
    starts = {0, *Source(TEXT).sentence_list}
    assert all(c.overlap >= 10 and c.start in starts for c in chunks[1:])


def test_overlap_prefers_paragraphs():
    text = 'Uma frase curta. Outra frase.\n\nNovo assunto aqui. Mais uma frase longa no fim.'
    assert chunk(text, 'overlap', 50, 0)[0].reason == 'paragraph'


def test_adaptive_makes_dense_passages_shorter():
    rng = np.random.default_rng(3)
    words = [''.join(rng.choice(list('abcdefghijlmnoprstuv'), 6)) for _ in range(600)]
    dense = ''.join(f'{" ".join(words[i:i + 5])}. '.capitalize() for i in range(0, 600, 5))
    thin = 'A casa era a casa de uma casa e mais casa. ' * 100
    chunks = chunk(dense + thin, 'adaptive', 400, 0)
    in_dense = [len(c) for c in chunks if c.end < len(dense)]
    in_thin = [len(c) for c in chunks if c.start > len(dense)][:-1]
    assert max(in_dense) < min(in_thin)
    densities = [c.density for c in chunks]
    assert densities[0] > 1.5 * densities[-2]


@pytest.mark.parametrize('strategy', ['fixed', 'sliding', 'overlap'])
def test_preserved_sentences(strategy):
    ends = Source(TEXT).sentence_set
    assert all(c.end in ends for c in chunk(TEXT, strategy, 80, 0, preserve_sentences=True))


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_preserved_paragraphs(strategy):
    text = '\n\n'.join([''.join(RIVER), ''.join(BREAD)] * 10)
    chunks = chunk(text, strategy, 160, 0, preserve_paragraphs=True)
    assert all(c.end in Source(text).paragraph_set for c in chunks)
    assert all(c.reason == 'paragraph' for c in chunks[:-1])


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_a_source_is_cut_again_and_again(strategy):
    source = Source(TEXT)
    for size in (60, 200, 60):
        again, anew = chunk(source, strategy, size), chunk(TEXT, strategy, size)
        assert [(it.start, it.end, it.reason, it.density) for it in again] == [
            (it.start, it.end, it.reason, it.density) for it in anew]
        assert again[0].source is source
