"""Where vectors are drawn: along principal components, or by t-SNE."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from minigpt.embeddings import PCA, TsneStep, tsne
from pages.embeddings.words import Word
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
    """Places on a plane. `ratios`: each axis's share of the variance, None where axes mean
    nothing.
    """
    positions: Array  # (N, 2)
    ratios: tuple[float, float] | None


def principal_plane(found: PCA, others: Array) -> Plane:
    """The vectors that the components were found in, then others (M, C) on the same axes."""
    positions = np.concatenate([found.coordinates, found.project(others)])
    return Plane(positions, tuple(found.explained_ratio.tolist()))


def turned_like(found: PCA, before: PCA) -> PCA:
    """The same components, each pointing as the one before it did: its opposite would be as
    right, and a map in motion should not flip.
    """
    signs = np.where(np.einsum('kc,kc->k', before.components, found.components) < 0, -1, 1)
    return replace(found, components=found.components * signs[:, None],
                   coordinates=found.coordinates * signs)


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
