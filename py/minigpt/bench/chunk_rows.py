"""Chunking as rows: any strategy at any size, its speed beside the quality of what it cuts."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from minigpt.bench.contest import Contest, Work
from minigpt.chunking import chunk, quality


def chunked(text: str, strategy: str, size: int, overlap: float,
            **rivals: Work | None) -> Contest:
    """A text cut by one strategy, beside other libraries' work of the same kind."""
    found = chunk(text, strategy, size, overlap)
    return Contest({'minigpt': partial(chunk, text, strategy, size, overlap), **rivals},
                   {'characters': len(text), 'chunks': len(found), 'documents': 1}, figures(found))


def figures(chunks) -> dict[str, float]:
    """What the chunks are like: information density in bits per character (mean over chunks, and
    its spread), kept context, clean borders, whole sentences, all but density from 0 to 1."""
    found = quality(chunks)
    densities = np.array([piece.density for piece in chunks])
    return {'chunks': found.count, 'mean_size': found.mean, 'size_deviation': found.deviation,
            'repeated': found.repeated, 'density': float(densities.mean()),
            'density_deviation': float(densities.std()),
            'boundary_preservation': found.boundary_preservation,
            'whole_sentences': found.whole_sentences,
            'context_preservation': found.context_preservation}


def grid(strategies: Sequence[str], sizes: Sequence[int], overlap: float) -> Iterator[tuple]:
    """Name and row function for every strategy at every size, as `measure` wants them."""
    for strategy in strategies:
        for size in sizes:
            row = partial(chunked, strategy=strategy, size=size, overlap=overlap)
            row.__doc__ = f'{strategy}, {size} characters, overlap {overlap}'
            yield f'chunk-{strategy}-{size}', row
