"""Sentence: as many whole sentences as fit. Only a sentence longer than a chunk is cut."""

from bisect import bisect_right

from minigpt.chunking.boundaries import cut_inside_sentence, last_within
from minigpt.chunking.settings import Settings
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Ruler, Spans, walk


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Chunks of whole sentences; of whole paragraphs where those are to be preserved and fit."""
    ends, paragraphs = source.sentence_list, source.paragraph_set

    def choose(start, floor, limit):
        if settings.preserve_paragraphs:
            end = last_within(source.paragraph_list, floor, limit)
            if end is not None:
                return end, 'paragraph'
        i = bisect_right(ends, limit)
        end = ends[i - 1] if i else 0
        if end > floor:
            return end, 'paragraph' if end in paragraphs else 'sentence'
        if start < floor:
            return floor, ''  # rather no overlap than half a sentence
        return cut_inside_sentence(source, start, floor, limit)

    return walk(source, ruler, choose)
