"""Figures of one chunk and of a set of them."""

import math
import re
from collections import Counter

import pytest
from hypothesis import given, strategies as st

from minigpt import shipped
from minigpt.chunking import STRATEGIES, chunk, quality
from minigpt.chunking.characters import BLOCK
from minigpt.chunking.cohesion import lexical_cohesion
from minigpt.chunking.source import Source
from minigpt.errors import ChunkingError

TEXT = 'O gato subiu no muro. O muro caiu.\n\nA chuva veio, fria. A chuva passou.'


def test_density_is_bits_per_character():
    [only] = chunk('gato gato muro casa', 'fixed', 100)
    assert only.density == pytest.approx((1 + 1 + 2 + 2) / 19)  # shares 1/2, 1/4, 1/4
    first = chunk('gato gato muro casa', 'fixed', 10, 0)[0]
    assert first.density == pytest.approx(2 / 10)


def test_edges():
    inside, paragraph = TEXT.index('ubiu'), TEXT.index('A chuva')
    chunks = chunk(TEXT, 'fixed', inside, 0)
    assert chunks[0].edges == ('text', 'inside') and chunks[0].boundary_quality == 0.5
    assert chunk(TEXT, 'fixed', paragraph, 0)[0].boundary_quality == 1
    assert chunk(TEXT, 'fixed', TEXT.index('O muro'), 0)[0].edges[1] == 'sentence'
    assert chunk(TEXT, 'fixed', TEXT.index('gato'), 0)[0].edges[1] == 'word'
    assert chunk('a chuva, fria', 'fixed', 9, 0)[0].edges[1] == 'clause'


def test_quality_of_a_perfect_set():
    found = quality(chunk(TEXT, 'sentence', 40, 0))
    assert (found.count, found.borders, found.repeated) == (2, {'paragraph': 1}, 0)
    assert found.boundary_preservation == found.whole_sentences == found.context_preservation == 1


def test_quality_of_a_bad_set():
    found = quality(chunk(TEXT, 'fixed', 7, 0))
    assert found.whole_sentences == 0 and found.context_preservation == 0
    assert found.largest == 7 and found.boundary_preservation < 0.5


def test_overlap_keeps_context():
    text = 'O gato viu um rato. O rato fugiu. A porta fechou. Uma porta pesada. ' * 5
    without, with_overlap = (quality(chunk(text, 'sentence', 50, overlap)) for overlap in (0, 25))
    assert with_overlap.context_preservation > without.context_preservation
    assert with_overlap.repeated > 0 == without.repeated


def test_nothing_to_measure():
    with pytest.raises(ChunkingError, match='no chunks'):
        quality([])


@given(st.text(min_size=1, max_size=120), st.sampled_from(sorted(STRATEGIES)), st.integers(1, 40))
def test_figures_are_finite_for_any_text(text, strategy, size):
    chunks = chunk(text, strategy, size)
    found = quality(chunks)
    for share in (found.boundary_preservation, found.whole_sentences, found.context_preservation):
        assert 0 <= share <= 1
    assert found.smallest <= found.median <= found.largest
    for c in chunks:
        assert 0 <= c.boundary_quality <= 1 and math.isfinite(c.density) and c.density >= 0


def test_words_count_by_their_first_five_letters():
    text = 'Menina, menina; MENINAS (menino) vaca Água água x1 x1'
    words = Source(text).words(1)
    a, b, c, d, cow, water, again, x, y = words.hashes.tolist()
    assert a == b == c == d and water == again and x == y and len({a, cow, water, x}) == 4
    assert len(Source(text).words(5).starts) == 4


def test_words_of_portuguese_are_mistaken_for_each_other_less_often_than_by_chance():
    text = (shipped.folder() / shipped.CORPUS).read_text(encoding='utf-8')
    words = Source(text).words(3)
    letters = re.compile(r'[^\W_]{1,5}')
    hashes = {}
    for start, number in zip(words.starts.tolist(), words.hashes.tolist()):
        hashes.setdefault(letters.match(text, start).group().lower(), set()).add(number)
    assert all(len(numbers) == 1 for numbers in hashes.values())  # the same word, the same number
    n = len(hashes)
    by_number = Counter(min(numbers) for numbers in hashes.values())
    mistaken = sum(k * (k - 1) // 2 for k in by_number.values())
    assert n > 2000 and mistaken < n * (n - 1) / 2 / 65536


def test_words_are_the_same_wherever_a_block_of_the_text_ends():
    piece = 'Água fria, à beira-mar: 7 ondas. '
    text = piece * (2 * BLOCK // len(piece))
    once, many = Source(piece).words(2), Source(text).words(2)
    assert len(many.starts) == len(once.starts) * (len(text) // len(piece))
    for row in many.hashes.reshape(-1, len(once.hashes)):
        assert (row == once.hashes).all()


def test_cohesion_counts_the_words_that_come_back_across_a_gap():
    text = 'O gato viu o rato. O gato correu. A chuva caiu. Muita chuva.'
    source = Source(text)
    words = source.words(3)
    cat, none, rain, end = lexical_cohesion(words, source.sentence_ends)
    n = len(words.starts)
    assert cat == pytest.approx(math.log(n / 2) ** 2) == rain
    assert none == pytest.approx(0) == end
