"""Sliding window: a window of one size moves on by one step, its edges drawn back to words."""

from minigpt.chunking.boundaries import word_border_before
from minigpt.chunking.graphemes import border_before
from minigpt.chunking.settings import Settings, kept_end
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Ruler, Spans, walk


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Windows of at most `size` that begin at most `size − overlap` apart.

    Unlike the other strategies it measures the step from start to start, so that the windows go
    evenly through the text. Both edges fall between words, or between sentences or paragraphs
    where those are to be preserved and one ends in reach.
    """
    def draw_back(start, floor, limit):
        kept = kept_end(source, settings, floor, limit)
        if kept:
            return kept
        word = word_border_before(source, floor, limit)
        return (word, 'word') if word else (border_before(source.text, limit, start), 'size')

    def again(start, end):
        step = ruler.reach(start, ruler.size - ruler.overlap)
        begin, _ = draw_back(start, start, min(step, end))
        return begin if begin > start else end

    return walk(source, ruler, draw_back, again)
