"""Sentence: as many whole sentences as fit. Only a sentence longer than a chunk is cut."""

from minigpt.chunking.boundaries import last_within, sentence_cut
from minigpt.chunking.settings import Settings
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Ruler, Spans, walk


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Chunks of whole sentences; of whole paragraphs where those are to be preserved and fit."""
    def choose(start, floor, limit):
        if settings.preserve_paragraphs:
            end = last_within(source.paragraph_list, floor, limit)
            if end is not None:
                return end, 'paragraph'
        return sentence_cut(source, start, floor, limit)

    return walk(source, ruler, choose)
