"""Where vectors are drawn: along principal components, or by t-SNE."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from minigpt.embeddings import TsneStep, pca, tsne
from pages.embeddings_words import Word
from pages.settings import Knob

Array = np.ndarray
KNOBS = {'count': Knob('n', 160, 30, 1000, 10), 'perplexity': Knob('px', 15, 2, 100, 1)}
CHOICES = {'drawing': ('pca', 'tsne', 'training'), 'kind': ('words', 'all'),
           'metric': ('cosine', 'dot')}
ITERATIONS = 1000
EVERY = 5  # iterations from one picture to the next
SEED = 1


@dataclass(frozen=True)
class Plane:
    """Places on a plane. `ratios`: each axis's share of the variance, None where axes mean nothing."""
    positions: Array             # (N, 2)
    ratios: tuple[float, float] | None
    axes: Array | None = None    # (2, C)


def principal_plane(frequent: Array, others: Array, like: Array | None = None) -> Plane:
    """PCA of the frequent vectors (N, C); others (M, C) are put on the same axes.

    An axis points as the one in `like` (2, C) does: its opposite would be as right, and a map in
    motion should not flip. Raises EmbeddingError for fewer than 3 vectors or all the same.
    """
    found = pca(frequent, 2)
    signs = np.ones(2)
    if like is not None and like.shape == found.components.shape:
        signs = np.where(np.einsum('kc,kc->k', like, found.components) < 0, -1, 1)
    positions = np.concatenate([found.coordinates, found.project(others)]) * signs
    first, second = found.explained_ratio.tolist()
    return Plane(positions, (first, second), found.components * signs[:, None])


class TsneRun:
    """t-SNE of these words, iteration by iteration. It can be left and taken up again."""

    def __init__(self, words: list[Word], vectors: Array, perplexity: float):
        """The first picture is there at once. Raises EmbeddingError for an unfit perplexity."""
        self.words = words
        self.perplexity = perplexity
        self._steps = tsne(vectors, perplexity=perplexity, n_iterations=ITERATIONS, every=EVERY,
                           rng=np.random.default_rng(SEED))
        self.step: TsneStep = next(self._steps)

    @property
    def ended(self) -> bool:
        return self.step.iteration >= ITERATIONS

    def iterations(self) -> Iterator[None]:
        """Go on from where it stands."""
        for self.step in self._steps:
            yield
