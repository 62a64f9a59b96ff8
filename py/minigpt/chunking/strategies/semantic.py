"""Semantic: whole sentences, cut where the topic changes.

Of the sentence ends in the second half of a chunk it takes the one with the lowest cohesion between
what stands before and after: shared words, or vectors of an `embed` function.
"""

from bisect import bisect_right
from functools import cache

import numpy as np

from minigpt.chunking.boundaries import last_within, sentence_cut
from minigpt.chunking.cohesion import SHORTEST, lexical_cohesion, vector_cohesion
from minigpt.chunking.settings import Settings
from minigpt.chunking.source import Source
from minigpt.chunking.topics import known_topics
from minigpt.chunking.walk import Ruler, Spans, walk


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Chunks that end where cohesion is lowest; at a paragraph where those are to be preserved."""
    found = cohesion_of(source, settings)
    reach, half, keep = ruler.reach, ruler.size // 2, settings.preserve_paragraphs
    lists = cache(lambda: (source.sentence_list, found.tolist()))  # not needed for most chunks

    def choose(start, floor, limit):
        if keep:
            end = last_within(source.paragraph_list, floor, limit)
            if end is not None:
                return end, 'paragraph'
        ends, cohesion = lists()
        middle = reach(start, half)
        last = bisect_right(ends, limit)
        first = bisect_right(ends, middle if middle > floor else floor, 0, last)
        if last - first > 1:
            return ends[cohesion.index(min(cohesion[first:last]), first)], 'topic'
        return sentence_cut(source, start, floor, limit)

    if ruler.counts_tokens or keep:
        return walk(source, ruler, choose)
    return walk(source, ruler, choose, ahead=known_topics(source, found, ruler))


def cohesion_of(source: Source, settings: Settings) -> np.ndarray:
    """(S,) float64: cohesion across each sentence end."""
    if settings.embed is not None:
        return vector_cohesion(settings.embed, source.sentences())
    words = source.words(SHORTEST)
    return lexical_cohesion(words, source.sentence_ends)
