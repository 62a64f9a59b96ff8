"""Semantic: whole sentences, cut where the topic changes.

Of the sentence ends in the second half of a chunk it takes the one with the lowest cohesion between
what stands before and after: shared words, or vectors of an `embed` function.
"""

from bisect import bisect_right

import numpy as np

from minigpt.chunking.boundaries import cut_inside_sentence, last_within
from minigpt.chunking.cohesion import SHORTEST, lexical_cohesion, vector_cohesion
from minigpt.chunking.settings import Settings
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Ruler, Spans, walk


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Chunks that end where cohesion is lowest; at a paragraph where those are to be preserved."""
    ends, paragraphs = source.sentence_list, source.paragraph_set
    cohesion = cohesion_of(source, settings).tolist()
    reach, half = ruler.reach, ruler.size // 2

    def choose(start, floor, limit):
        if settings.preserve_paragraphs:
            end = last_within(source.paragraph_list, floor, limit)
            if end is not None:
                return end, 'paragraph'
        middle = reach(start, half)
        last = bisect_right(ends, limit)
        first = bisect_right(ends, middle if middle > floor else floor, 0, last)
        if last - first > 1:
            weakest = cohesion.index(min(cohesion[first:last]), first)
            return ends[weakest], 'topic'
        end = ends[last - 1] if last else 0
        if end > floor:
            return end, 'paragraph' if end in paragraphs else 'sentence'
        if start < floor:
            return floor, ''  # rather no overlap than half a sentence
        return cut_inside_sentence(source, start, floor, limit)

    return walk(source, ruler, choose)


def cohesion_of(source: Source, settings: Settings) -> np.ndarray:
    """(S,) float64: cohesion across each sentence end."""
    if settings.embed is not None:
        return vector_cohesion(settings.embed, source.sentences())
    words = source.words(SHORTEST)
    return lexical_cohesion(words, source.sentence_ends)
