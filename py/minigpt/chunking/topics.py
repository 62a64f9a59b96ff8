"""Which chunk follows each sentence end, found for all of them at once.

Where a chunk begins depends on where the one before it ends, and where it ends on both, but on
nothing earlier. So it is looked up for every sentence end in a few passes over arrays, and a walk
only follows.
"""

from collections.abc import Callable

import numpy as np

from minigpt.chunking.graphemes import FIRST_MARK
from minigpt.chunking.ruler import Characters
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Spans, word_start

Array = np.ndarray
NEAR = 16  # characters in which most words end
REASONS = np.array(['sentence', 'paragraph', 'topic'], object)


def known_topics(source: Source, cohesion: Array, ruler: Characters) -> Callable[[int, int], Spans]:
    """The `ahead` of a walk: chunks of up to `ruler.size`, cut where cohesion is lowest."""
    n, size, overlap = len(source.text), ruler.size, ruler.overlap
    ends = np.append(0, source.sentence_ends)  # the first chunk begins as if one had ended at 0
    cohesion = np.append(np.inf, cohesion)
    own, starts = np.arange(len(ends)), starts_behind(source, ends, overlap) if overlap else ends
    first = ends.searchsorted(np.maximum(starts + size // 2, ends), 'right')  # in the second half
    last = ends.searchsorted(starts + size, 'right')
    many = last - first > 1
    following = np.where(many, lowest(cohesion, first, last), last - 1)
    for_the_walk = (following <= own) | (starts + size >= n)
    if overlap:
        for_the_walk |= (starts < 0) | (ends.take(following) - starts <= overlap)
    following[for_the_walk] = -1
    following = following.tolist()

    paragraph = np.zeros(len(ends), bool)
    paragraph[ends.searchsorted(source.paragraph_ends)] = True

    def ahead(start: int, end: int) -> Spans:
        i, way = int(ends.searchsorted(end)), []
        if ends[i] == end and starts[i] == start:
            while i >= 0:
                way.append(i)
                i = following[i]
        way = np.array(way, np.intp)
        before, after = way[:-1], way[1:]
        reasons = np.where(many.take(before), 2, paragraph.take(after))
        return Spans(starts.take(before).tolist(), ends.take(after).tolist(),
                     REASONS.take(reasons).tolist())

    return ahead


def starts_behind(source: Source, ends: Array, overlap: int) -> Array:
    """(E,) int64: where the chunk behind each of `ends` begins, as `repetition` has it.

    `ends` (E,) are 0 and all sentence ends.

    -1 where that takes a look at the chunk before. That one is taken to be longer than the overlap.
    """
    text, codes = source.text, source.codes
    earliest = np.maximum(ends - overlap, 0)
    starts = ends.take(ends.searchsorted(earliest))
    alone = np.flatnonzero(starts == ends)  # no sentence begins in reach: look for a word
    first, end = earliest.take(alone), ends.take(alone)
    near = codes.take(first[:, None] + np.arange(-1, NEAR - 1), mode='clip')
    space = near == ord(' ')
    word = first + space.argmax(axis=1)
    letter = codes.take(word)
    plain = space.any(axis=1) & (word < end) & (letter > ord(' ')) & (letter < ord(FIRST_MARK))
    starts[alone] = word
    doubtful = np.flatnonzero(~plain)
    starts[alone.take(doubtful)] = [
        -1 if at is None else at for at in map(word_start, [text] * len(doubtful),
            first.take(doubtful).tolist(), end.take(doubtful).tolist())]
    starts[0] = 0
    return starts


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
