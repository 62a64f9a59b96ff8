"""Adaptive: each chunk tells about as much as the others, so dense passages get shorter chunks.

Information is counted in bits, word by word: −log₂ of the word's share of the text (Shannon 1948).
A chunk closes at the last sentence that keeps it within the bits that FILL × `size` of average text
would have; thin passages go on until `size`.
"""

from bisect import bisect_right

import numpy as np

from minigpt.chunking.boundaries import cut_inside_sentence, last_within
from minigpt.chunking.settings import Settings
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Ruler, Spans, walk

FILL = 0.75  # of `size`: what a chunk of average density takes


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Chunks of whole sentences and like information; at paragraphs where those are preserved."""
    ends, paragraphs = source.sentence_list, source.paragraph_set
    bits = source.bits_before(np.array(ends)).tolist()
    units = ruler.count(0, len(source.text))
    budget = FILL * ruler.size * bits[-1] / units

    def choose(start, floor, limit):
        if settings.preserve_paragraphs:
            end = last_within(source.paragraph_list, floor, limit)
            if end is not None:
                return end, 'paragraph'
        fitting = bisect_right(ends, limit)
        told = bisect_right(bits, float(source.bits_before(start)) + budget, 0, fitting)
        if told and ends[told - 1] > floor and told < fitting:
            return ends[told - 1], 'density'
        end = ends[fitting - 1] if fitting else 0
        if end > floor:  # the first sentence alone exceeds the budget, or `size` comes first
            first = ends[bisect_right(ends, floor)]
            end = end if told == fitting else first
            return end, 'paragraph' if end in paragraphs else 'sentence'
        if start < floor:
            return floor, ''  # rather no overlap than half a sentence
        return cut_inside_sentence(source, start, floor, limit)

    return walk(source, ruler, choose)
