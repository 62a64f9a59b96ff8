"""Fixed: every chunk is full. The quickest and the blindest; a cut may fall inside a word."""

from minigpt.chunking.graphemes import FIRST_MARK, border_after, border_before
from minigpt.chunking.settings import Settings, kept_end
from minigpt.chunking.source import Source
from minigpt.chunking.walk import Ruler, Spans, walk


def cut(source: Source, ruler: Ruler, settings: Settings) -> Spans:
    """Chunks of exactly `size` that overlap by exactly `overlap`, give or take a grapheme.

    To preserve sentences or paragraphs a chunk ends at the last end of one, if there is any.
    """
    keep = settings.preserve_sentences or settings.preserve_paragraphs
    if not keep and not ruler.counts_tokens:
        spans = equal_steps(source.text, ruler.size, ruler.overlap)
        if spans is not None:
            return spans

    def choose(start, floor, limit):
        kept = kept_end(source, settings, floor, limit) if keep else None
        return kept or (border_before(source.text, limit, start), 'size')

    def again(start, end):
        earliest = max(ruler.back(end, ruler.overlap), start + 1)
        return min(end, border_after(source.text, earliest, start))

    return walk(source, ruler, choose, again)


def equal_steps(text: str, size: int, overlap: int) -> Spans | None:
    """What the walk gives where no cut falls inside a grapheme, without walking; else None."""
    n = len(text)
    starts = list(range(0, max(1, n - overlap), size - overlap))
    ends = list(range(size, n, size - overlap))
    for cuts in (ends, starts[1:]) if overlap else (ends,):
        for at in cuts:
            if text[at] >= FIRST_MARK or text[at - 1] >= FIRST_MARK or text[at] == '\n':
                if border_before(text, at, at - 1) < at:
                    return None
    ends.append(n)
    return Spans(starts, ends, ['size'] * (len(ends) - 1) + ['end'])
