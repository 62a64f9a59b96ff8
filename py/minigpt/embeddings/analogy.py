"""a is to b as c is to …? Answered by arithmetic on vectors (Mikolov et al. 2013).

    rei − homem + mulher ≈ rainha              analogy(table, rei, homem, mulher)

A small model learns few such parallels; the rank of the answer one had in mind says how few.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.embeddings.neighbours import Neighbour, nearest_neighbours
from minigpt.embeddings.similarity import similarity
from minigpt.embeddings.vectors import mean_vector


@dataclass(frozen=True)
class Analogy:
    """The answers to a − b + c, best first, and where the expected one stands."""
    query: np.ndarray                   # a − b + c, (C,)
    answers: tuple[Neighbour, ...]
    expected_similarity: float | None   # of the expected answer's vector
    expected_rank: int | None           # 1 is the best; None where none was expected


def analogy(table: np.ndarray, a: Sequence[int], b: Sequence[int], c: Sequence[int], *,
            expected: Sequence[int] | None = None, count: int = 10, metric: str = 'cosine',
            exclude_given: bool = True) -> Analogy:
    """Which tokens are nearest to a − b + c, each a word given by its token ids.

    A word of several tokens is the mean of their vectors; the answers are single tokens. The
    tokens of a, b and c are no answers, as is usual, for the nearest is nearly always one of them:
    `exclude_given=False` shows that. An expected word of several tokens stands among the answers
    as one more candidate, its mean: its rank is 1 + the number of tokens more similar than it.

    Raises EmbeddingError for words without tokens, ids that are not in the table (N, C), or what
    `nearest_neighbours` refuses.
    """
    query = mean_vector(table, a) - mean_vector(table, b) + mean_vector(table, c)
    given = {*a, *b, *c} if exclude_given else set()
    answers = nearest_neighbours(table, query, count, metric=metric, exclude=sorted(given))
    if expected is None:
        return Analogy(query, tuple(answers), None, None)
    reached = similarity(mean_vector(table, expected)[None], query, metric)[0]
    # Compared without the expected word's own token, which rounding could put before itself.
    rivals = np.ones(len(table), bool)
    rivals[[*given, *(expected if len(expected) == 1 else ())]] = False
    better = similarity(table[rivals], query, metric) > reached if rivals.any() else np.array([])
    return Analogy(query, tuple(answers), float(reached), 1 + int(np.count_nonzero(better)))
