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


def ties(hashes: Array, sentence: Array, hiatus: int = HIATUS) -> tuple[Array, Array]:
    """(near, weight), each (N,): each tie as the index of its first word, and its weight.

    Words are given by their hashes and sentences (uint32), sorted by hash, each word in the order
    of the text. A tie joins near and near + 1: the same word in two sentences at most `hiatus`
    apart. It weighs ln²(words ÷ occurrences).
    """
    near = sentence[1:] - sentence[:-1] - np.uint32(1) < hiatus  # 0 − 1 wraps to a large number
    near &= hashes[1:] == hashes[:-1]
    near = np.flatnonzero(near)
    counts = np.bincount(hashes, minlength=1)
    weight = np.square(np.log(len(hashes) / np.arange(1, counts.max() + 1)))  # by count
    return near, weight.take(counts.take(hashes.take(near)) - 1)


def sentences_of(words: Words, sentence_ends: Array) -> Array:
    """(W,) uint32: the index of the sentence in which each word starts."""
    per_sentence = np.diff(np.searchsorted(words.starts, sentence_ends), prepend=0)
    return np.repeat(np.arange(len(sentence_ends), dtype=np.uint32), per_sentence)


def lexical_cohesion(words: Words, sentence_ends: Array) -> Array:
    """(S,) float64: the weight of the ties across each sentence end; 0 at the last."""
    order, S = words.order(), len(sentence_ends)
    sentence = sentences_of(words, sentence_ends).take(order)
    near, weight = ties(words.hashes.take(order), sentence)
    opened = np.bincount(sentence.take(near), weight, S)
    closed = np.bincount(sentence.take(near + 1), weight, S)
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
