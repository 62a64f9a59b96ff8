"""Similarities of known vectors, and the neighbours and analogies that follow from them."""

import numpy as np
import pytest

from minigpt.embeddings import (analogy, cosine_similarity, dot_similarity, mean_vector,
                                nearest_neighbours)
from minigpt.errors import EmbeddingError

# Columns: royal, male, female, thing.
WORDS = ['king', 'queen', 'man', 'woman', 'stone', 'princely']
TABLE = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1],
                  [1, 0.5, 0.5, 0]], np.float32)


def names(neighbours):
    return [WORDS[neighbour.index] for neighbour in neighbours]


def test_cosine_is_about_direction_and_dot_about_length_too():
    a, b = np.array([3.0, 4.0]), np.array([[6.0, 8.0], [-4.0, 3.0], [-3.0, -4.0]])
    np.testing.assert_allclose(cosine_similarity(a, b), [1, 0, -1], atol=1e-15)
    np.testing.assert_allclose(dot_similarity(a, b), [50, 0, -25])


def test_every_vector_is_compared_with_every_other():
    similar = cosine_similarity(TABLE, TABLE[:2])
    assert similar.shape == (6, 2)
    assert similar[5, 1] == pytest.approx(1.5 / np.sqrt(1.5 * 2))


def test_neighbours_are_the_most_similar_first():
    found = nearest_neighbours(TABLE, TABLE[0], 3, exclude=[0])
    assert names(found) == ['princely', 'man', 'queen']
    assert found[0].similarity == pytest.approx(1.5 / np.sqrt(1.5 * 2), rel=1e-6)


def test_neighbours_by_dot_product_prefer_long_vectors():
    table = np.array([[1.0, 0.1], [10.0, 10.0]])
    assert nearest_neighbours(table, np.array([1.0, 0.0]), 1)[0].index == 0
    assert nearest_neighbours(table, np.array([1.0, 0.0]), 1, metric='dot')[0].index == 1


def test_more_neighbours_than_rows_are_all_rows():
    assert len(nearest_neighbours(TABLE, TABLE[0], 100, exclude=[0])) == 5


def test_king_minus_man_plus_woman_is_queen():
    found = analogy(TABLE, [0], [2], [3], expected=[1], count=2)
    assert names(found.answers) == ['queen', 'princely']
    assert found.expected_rank == 1
    np.testing.assert_array_equal(found.query, [1, 0, 1, 0])


def test_the_rank_counts_the_better_answers():
    assert analogy(TABLE, [0], [2], [3], expected=[4]).expected_rank == 3
    assert analogy(TABLE, [0], [2], [3], expected=[5]).expected_rank == 2
    assert analogy(TABLE, [0], [2], [3]).expected_rank is None


def test_rank_of_a_token_is_its_place_among_all_answers():
    table = np.random.default_rng(0).normal(size=(200, 16)).astype(np.float32)
    answers = [n.index for n in analogy(table, [0, 1], [2], [3, 4, 5], count=200).answers]
    assert len(answers) == 194
    for place in (0, 7, 193):
        found = analogy(table, [0, 1], [2], [3, 4, 5], expected=[answers[place]])
        assert found.expected_rank == place + 1


def test_a_word_of_several_tokens_is_their_mean():
    np.testing.assert_array_equal(mean_vector(TABLE, [2, 3]), [0, 0.5, 0.5, 0])
    found = analogy(TABLE, [5], [2, 3], [4], expected=[0, 4])  # princely − people + thing
    np.testing.assert_array_equal(found.query, [1, 0, 0, 1])
    mean = (TABLE[0] + TABLE[4]) / 2
    assert found.expected_similarity == pytest.approx(cosine_similarity(found.query, mean))
    assert found.expected_rank == 1


def test_the_given_words_are_answers_only_on_demand():
    assert names(analogy(TABLE, [0], [2], [2], count=1).answers) == ['princely']
    assert names(analogy(TABLE, [0], [2], [2], count=1, exclude_given=False).answers) == ['king']


@pytest.mark.parametrize(('call', 'words'), [
    (lambda: cosine_similarity(np.zeros(2), np.ones(2)), 'no direction'),
    (lambda: cosine_similarity([np.nan, 1], np.ones(2)), 'no direction'),
    (lambda: dot_similarity(np.ones(2), np.ones((3, 3))), r'\(2,\) and \(3, 3\)'),
    (lambda: nearest_neighbours(TABLE, TABLE[0], 0), 'at least 1'),
    (lambda: nearest_neighbours(TABLE, TABLE[0], metric='l2'), "'cosine' or 'dot'"),
    (lambda: analogy(TABLE, [0], [], [1]), 'at least one token'),
    (lambda: analogy(TABLE, [0], [1], [6]), 'rows 0 to 5'),
    (lambda: analogy(TABLE, [0], [1], [2], expected=[-1]), 'rows 0 to 5')])
def test_bad_requests_are_named(call, words):
    with pytest.raises(EmbeddingError, match=words):
        call()
