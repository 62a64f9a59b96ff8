"""How strongly the text before and after a gap belong together; topics change where it is low.

By words: a word that comes back soon ties the sentences between its two places together, and a
rare word ties more than a frequent one. The cohesion of a gap is the weight of all ties across it.
So lexical chains find topic borders (Galley et al. 2003, "Discourse segmentation of multi-party
conversation"; after Hearst 1997, "TextTiling").

By vectors: the cosine between the mean vector of the sentences before the gap and after it.
"""

from collections.abc import Callable, Sequence

import numpy as np

from minigpt.chunking.words import Words
from minigpt.errors import ChunkingError

Array = np.ndarray

# A word that comes back more than this many sentences later ties nothing. Of 6 to 100, about 30
# found most of the joints between documents of the shipped corpus set one behind the other.
HIATUS = 30
SHORTEST = 3     # letters; shorter words ("de", "o", "is") are everywhere
BLOCK = 3        # sentences on each side that are compared by vectors


def ties(words: Words, sentence: Array, hiatus: int = HIATUS) -> tuple[Array, Array, Array]:
    """(first, last, weight), each (N,): each tie as two word indices, and ln²(words ÷ occurrences).

    A tie joins two different sentences at most `hiatus` apart; `sentence` (W,) tells them by word.
    """
    if not len(words.hashes):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    first, last = words.returns()
    apart = sentence[last] - sentence[first]
    near = np.flatnonzero(apart - 1 < np.uint32(hiatus))  # 0 − 1 wraps round to a large number
    first, last = first[near], last[near]
    counts = np.bincount(words.hashes)
    weight = np.square(np.log(len(words.hashes) / np.arange(1, counts.max() + 1)))  # by count
    return first, last, weight[counts[words.hashes[first]] - 1]


def sentences_of(words: Words, sentence_ends: Array) -> Array:
    """(W,) uint32: the index of the sentence in which each word starts."""
    per_sentence = np.diff(np.searchsorted(words.starts, sentence_ends), prepend=0)
    return np.repeat(np.arange(len(sentence_ends), dtype=np.uint32), per_sentence)


def lexical_cohesion(words: Words, sentence_ends: Array) -> Array:
    """(S,) float64: the weight of the ties across each sentence end; 0 at the last."""
    sentence, S = sentences_of(words, sentence_ends), len(sentence_ends)
    first, last, weight = ties(words, sentence)
    opened = np.bincount(sentence[first], weight, S)
    closed = np.bincount(sentence[last], weight, S)
    return np.cumsum(opened - closed)


def vector_cohesion(embed: Callable[[list[str]], Array], sentences: Sequence[str]) -> Array:
    """(S,) float64: cosine of BLOCK sentences before and after each sentence end; 0 at the last.

    `embed` gives one vector per sentence, (S, D). Raises ChunkingError where it does not, or where
    a number in it is not finite.
    """
    S = len(sentences)
    try:
        vectors = np.asarray(embed(list(sentences)), np.float64)
    except (TypeError, ValueError) as error:  # rows of different lengths, or no numbers
        raise ChunkingError('bad_embedding', sentences=S, shape=None) from error
    if vectors.ndim != 2 or len(vectors) != S or not np.isfinite(vectors).all():
        raise ChunkingError('bad_embedding', sentences=S, shape=vectors.shape)
    sums = np.concatenate([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0)])
    gap = np.arange(1, S)
    before = sums[gap] - sums[np.maximum(gap - BLOCK, 0)]
    after = sums[np.minimum(gap + BLOCK, S)] - sums[gap]
    norms = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    cosine = np.einsum('sd,sd->s', before, after) / np.where(norms > 0, norms, 1)
    return np.append(cosine, 0.0)
