"""Which texts answer a question: by vectors, and by words."""

import numpy as np
import pytest

from minigpt.embeddings import retrieve
from minigpt.embeddings.retrieval import words_of
from minigpt.errors import EmbeddingError

TEXTS = ['a roda do mercado', 'a pá e as folhas', 'a cor do mamão', 'o som']


class Letters:
    """A tokenizer whose tokens are the bytes."""

    def encode(self, text):
        return list(text.encode())


@pytest.fixture
def table():
    return np.random.default_rng(1).normal(size=(256, 8))


def test_the_cosine_is_that_of_the_mean_vectors(table):
    def mean(text):
        return sum(table[byte] for byte in text.encode()) / len(text.encode())
    for match, text in zip(retrieve('Onde?', TEXTS, table, Letters()), TEXTS, strict=True):
        a, b = mean('Onde?'), mean(text)
        assert match.cosine == pytest.approx(a @ b / np.sqrt(a @ a * (b @ b)))


def test_bits_are_the_sum_over_shared_words_the_rarer_the_more(table):
    matches = retrieve('A folha do mamão', TEXTS, table, Letters())
    assert [it.index for it in matches] == [0, 1, 2, 3]
    assert matches[0].words == pytest.approx({'A': np.log2(4 / 3), 'do': 1})
    assert matches[1].bits == pytest.approx(np.log2(4 / 3) + 2)  # folha finds folhas
    assert matches[2].bits == pytest.approx(np.log2(4 / 3) + 1 + 2)
    assert (matches[3].bits, matches[3].words, matches[3].spans) == (0, {}, ())


def test_spans_say_where_the_shared_words_stand(table):
    match = retrieve('FOLHAS, pás', ['as folhas: a pá, folhas'], table, Letters())[0]
    assert [match.spans[i][:2] for i in range(2)] == [(3, 9), (17, 23)]
    assert match.bits == 0  # all texts have them


def test_a_word_counts_by_its_beginning_whatever_the_script():
    assert list(words_of('Meninas, menino: 日本 d’água שלום')) == ['menin', '日本', 'd', 'água',
                                                               'שלום']


def test_what_cannot_be_asked_is_refused(table):
    assert retrieve('x', [], table, Letters()) == []
    with pytest.raises(EmbeddingError):
        retrieve('', TEXTS, table, Letters())
    with pytest.raises(EmbeddingError):
        retrieve('x', TEXTS, np.zeros((256, 8)), Letters())
