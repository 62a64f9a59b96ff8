"""How good a set of chunks is: even sizes, clean borders, kept context."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.chunking.boundaries import EDGE_QUALITY, edge
from minigpt.chunking.chunk import Chunk
from minigpt.chunking.cohesion import SHORTEST, sentences_of, ties
from minigpt.errors import ChunkingError

Array = np.ndarray


@dataclass(frozen=True)
class Quality:
    """Figures of one set of chunks. Sizes are in tokens if the chunks were, else characters."""
    count: int
    smallest: int
    median: float
    mean: float
    largest: int
    deviation: float             # standard deviation of the sizes
    repeated: float              # characters in the chunks ÷ characters in the text, less 1
    borders: dict[str, int]      # what the inner cuts fall between (EDGE_QUALITY), how often
    boundary_preservation: float  # mean EDGE_QUALITY of the inner cuts; 1 where there is none
    whole_sentences: float       # share of the sentences that lie whole in some chunk
    context_preservation: float  # share of the ties between neighbouring sentences kept


def quality(chunks: Sequence[Chunk]) -> Quality:
    """Measure the chunks that `chunk` made of one text, all of them, in order.

    The context is kept where a word that two neighbouring sentences share (a tie, see cohesion.py)
    lies in one chunk both times. Raises ChunkingError where there is no chunk.
    """
    if not chunks:
        raise ChunkingError('no_chunks')
    source = chunks[0].source
    starts = np.array([chunk.start for chunk in chunks])
    ends = np.array([chunk.end for chunk in chunks])
    sizes = np.array([len(chunk) if chunk.n_tokens is None else chunk.n_tokens for chunk in chunks])
    borders = Counter(edge(source, end) for end in ends[:-1].tolist())
    scores = [EDGE_QUALITY[level] for level in borders.elements()]
    firsts = np.concatenate([[0], source.sentence_ends[:-1]])
    return Quality(
        count=len(chunks), smallest=int(sizes.min()), median=float(np.median(sizes)),
        mean=float(sizes.mean()), largest=int(sizes.max()), deviation=float(sizes.std()),
        repeated=float((ends - starts).sum() / len(source.text) - 1),
        borders=dict(borders), boundary_preservation=float(np.mean(scores)) if scores else 1.0,
        whole_sentences=float(in_one_chunk(firsts, source.sentence_ends, starts, ends).mean()),
        context_preservation=kept_ties(source, starts, ends))


def in_one_chunk(first: Array, last: Array, starts: Array, ends: Array) -> Array:
    """Bool: which [first, last) lie in a chunk; of those holding `first` the latest ends last."""
    holder = np.searchsorted(starts, first, side='right') - 1
    return last <= ends[holder]


def kept_ties(source, starts: Array, ends: Array) -> float:
    """Share of the weight of those ties whose words lie in one chunk; 1 where there is no tie."""
    words = source.words(SHORTEST)
    order = words.order()
    sentence = sentences_of(words, source.sentence_ends)
    near, weight = ties(words.hashes[order], sentence[order], hiatus=1)
    first, last = words.starts[order[near]], words.starts[order[near + 1]]
    kept = in_one_chunk(first, last + 1, starts, ends)
    return float(weight[kept].sum() / weight.sum()) if weight.sum() > 0 else 1.0
