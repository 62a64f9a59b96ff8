"""Which rows of a table are most like a vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from minigpt.errors import EmbeddingError
from minigpt.embeddings.similarity import similarity


@dataclass(frozen=True)
class Neighbour:
    """A row of a table, a token id in the token table."""
    index: int
    similarity: float


def nearest_neighbours(table: np.ndarray, query: np.ndarray, count: int = 10, *,
                       metric: str = 'cosine', exclude: Sequence[int] = ()) -> list[Neighbour]:
    """The `count` rows of the table (N, C) most like the query (C,), most alike first.

    `exclude` leaves rows out, such as the query's own token. Equal rows come in the order of the
    table. Raises EmbeddingError for count < 1, another metric than 'cosine' and 'dot', or vectors
    that do not fit.
    """
    if not isinstance(count, Integral) or count < 1:
        raise EmbeddingError('bad_count', got=count)
    return ranked(similarity(table, query, metric), count, exclude)


def ranked(scores: np.ndarray, count: int, exclude: Sequence[int] = ()) -> list[Neighbour]:
    """The `count` largest of scores (N,), without the excluded."""
    order = np.argsort(-scores, kind='stable')
    order = order[~np.isin(order, list(exclude))][:count]
    return [Neighbour(index, float(scores[index])) for index in order.tolist()]
