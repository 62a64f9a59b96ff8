"""Which chunk begins at each sentence end, found for all of them at once.

Without overlap, where the next chunk ends depends on where this one does and on nothing else. So
it is looked up for every sentence end in a few passes over arrays, and a walk only follows.
"""

from collections.abc import Callable

import numpy as np

from minigpt.chunking.source import Source
from minigpt.chunking.walk import Spans

Array = np.ndarray


def known_topics(source: Source, cohesion: Array, size: int) -> Callable[[int], Spans]:
    """The `ahead` of a walk: chunks of up to `size` characters, cut where cohesion is lowest."""
    ends, n = source.sentence_ends, len(source.text)
    own = np.arange(len(ends))
    first = ends.searchsorted(ends + size // 2, 'right')  # those in the second half of the chunk
    last = ends.searchsorted(ends + size, 'right')
    many = last - first > 1
    following = np.where(many, lowest(cohesion, first, last), last - 1)
    following[(following <= own) | (ends + size >= n)] = -1  # for the walk to decide
    following = following.tolist()

    def ahead(start: int) -> Spans:
        i, way = int(ends.searchsorted(start)), []
        if ends[i] == start:
            while i >= 0:
                way.append(i)
                i = following[i]
        way = np.array(way, np.intp)
        borders = ends.take(way).tolist()
        reasons = ['topic' if topic else 'paragraph' if end in source.paragraph_set else 'sentence'
                   for topic, end in zip(many.take(way[:-1]).tolist(), borders[1:])]
        return Spans(borders[:-1], borders[1:], reasons)

    return ahead


def lowest(values: Array, first: Array, last: Array) -> Array:
    """(W,) the index of the lowest value in each stretch [first, last), of equals the first.

    Stretches of 1, 2, 4, … values are compared by pairs, and each asked for is two that overlap
    (a sparse table: Bender and Farach-Colton 2000, "The LCA problem revisited"). An empty one
    gives `first`.
    """
    def lower(a, b):
        return np.where(values.take(b) < values.take(a), b, a)

    found, lengths = first.copy(), last - first
    low, width, longest = np.arange(len(values)), 1, lengths.max(initial=0)
    while width <= longest:
        asked = np.flatnonzero((lengths >= width) & (lengths < 2 * width))
        found[asked] = lower(low.take(first.take(asked)), low.take(last.take(asked) - width))
        low = lower(low[:-width], low[width:])
        width *= 2
    return found
