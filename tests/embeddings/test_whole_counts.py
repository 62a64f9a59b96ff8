"""How many neighbours, components or updates there are to be is a whole number."""

import math

import numpy as np
import pytest

from minigpt.embeddings import nearest_neighbours, pca, tsne
from minigpt.errors import EmbeddingError

VECTORS = np.random.default_rng(0).normal(size=(9, 4))


@pytest.mark.parametrize('odd', [2.0, 2.5, math.nan, math.inf, '2'])
def test_what_is_no_whole_number_is_refused(odd):
    rng = np.random.default_rng(0)
    for work in (lambda: nearest_neighbours(VECTORS, VECTORS[0], odd), lambda: pca(VECTORS, odd),
                 lambda: tsne(VECTORS, perplexity=2, n_iterations=odd, rng=rng),
                 lambda: tsne(VECTORS, perplexity=2, every=odd, rng=rng)):
        with pytest.raises(EmbeddingError, match='whole number'):
            work()
