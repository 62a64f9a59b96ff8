"""text → chunks: check what is asked for, measure, cut."""

from collections.abc import Callable
from itertools import repeat

from minigpt.chunking.chunk import Chunk
from minigpt.chunking.ruler import Characters, Tokens
from minigpt.chunking.settings import Settings
from minigpt.chunking.source import Source
from minigpt.chunking.strategies import STRATEGIES
from minigpt.errors import ChunkingError, TextError, check_kind


def chunk(text: str | Source, strategy: str = 'semantic', size: int = 512, overlap: float = 0.1,
          tokenizer=None, *, preserve_sentences: bool = False, preserve_paragraphs: bool = False,
          embed: Callable[[list[str]], object] | None = None) -> list[Chunk]:
    """Cut a text into chunks for search or reading; the empty text gives none.

    `text`: a str, or the Source of one that is cut again and again: it keeps what was found out.
    `strategy`: one of STRATEGIES; each file in `strategies/` says how it cuts.
    `size`: the longest a chunk may be, in characters, or in tokens where a `tokenizer` is given.
    `overlap`: how much of it the next chunk repeats: a share of `size` below 1 (0.1), or a whole
    number of characters or tokens (50).
    `preserve_sentences`, `preserve_paragraphs`: end chunks only where one ends, as far as any ends
    within reach.
    `embed`: for the semantic strategy, a function from S sentences to S vectors (S, D).

    Each chunk is text[c.start:c.end]. Chunks rise in start and end, cover the whole text, and are
    at most `size` long, except that a grapheme (an emoji of many code points) is never cut.

    Raises ChunkingError for an unknown strategy, a size or overlap that cannot work, a tokenizer or
    `embed` that is none; TextError for a text that is not a str.
    """
    source = text if isinstance(text, Source) else Source(text)
    if not isinstance(source.text, str):
        raise TextError('not_text', kind=type(source.text).__name__)
    check_kind('strategy', strategy, str, ChunkingError)
    if strategy not in STRATEGIES:
        raise ChunkingError('unknown_strategy', got=strategy, known=', '.join(STRATEGIES))
    shared = checked_overlap(size, overlap)
    ruler = (Characters(size, shared) if tokenizer is None
             else Tokens(source, tokenizer, size, shared))
    if not source.text:
        return []
    spans = STRATEGIES[strategy](source, ruler, Settings(preserve_sentences, preserve_paragraphs,
                                                         embed))
    overlaps = [0, *map(int.__sub__, spans.ends, spans.starts[1:])] if shared else repeat(0)
    counts = (map(ruler.count, spans.starts, spans.ends) if ruler.counts_tokens
              else repeat(None))
    return list(map(Chunk, repeat(source), spans.starts, spans.ends, overlaps, spans.reasons,
                    counts))


def checked_overlap(size: int, overlap: float) -> int:
    """The overlap in units, or ChunkingError where size or overlap cannot work."""
    if type(size) is not int or size < 1:
        raise ChunkingError('bad_chunk_size', got=size)
    if type(overlap) is int and 0 <= overlap < size:
        return overlap
    if type(overlap) is float and 0 <= overlap < 1:
        return int(size * overlap)
    raise ChunkingError('bad_overlap', got=overlap, size=size)
