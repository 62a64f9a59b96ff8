"""Overlap: each chunk begins by repeating the last whole sentences of the one before.

The others repeat at most what was asked for; this one at least that, so that a thought which ends
one chunk opens the next with its context.
"""

from bisect import bisect_right

from minigpt.chunking.boundaries import cut_inside_sentence, last_within, word_border_before
from minigpt.chunking.graphemes import border_before
from minigpt.chunking.settings import Settings
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Ruler, Spans, walk


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Chunks that end at the strongest border in their second half: paragraph, sentence, clause.

    The repeated part is at least `overlap` long, from the start of a sentence if that makes it at
    most half a chunk, else from the start of a word.
    """
    def choose(start, floor, limit):
        half = max(floor, ruler.reach(start, ruler.size // 2))
        lowest = floor if settings.preserve_paragraphs else half
        end = last_within(source.paragraph_list, lowest, limit)
        if end is not None:
            return end, 'paragraph'
        lowest = floor if settings.preserve_sentences else half
        end = last_within(source.sentence_list, lowest, limit)
        return (end, 'sentence') if end else cut_inside_sentence(source, start, floor, limit)

    def again(start, end):
        latest = ruler.back(end, ruler.overlap)
        if latest <= start:
            return end  # the whole chunk would be repeated
        ends = source.sentence_list
        i = bisect_right(ends, latest)
        if i and ends[i - 1] > max(start, ruler.back(end, ruler.size // 2)):
            return ends[i - 1]
        word = word_border_before(source, start, latest)
        begin = border_before(source.text, latest, start) if word is None else word
        return begin if begin > start else end

    return walk(source, ruler, choose, again)
