"""What a strategy is asked to respect beside size and overlap."""

from collections.abc import Callable
from dataclasses import dataclass

from minigpt.chunking.boundaries import last_within
from minigpt.chunking.source import Source


@dataclass(frozen=True)
class Settings:
    """`embed`: sentences to vectors (S, D), for the semantic strategy; None: compare words."""
    preserve_sentences: bool = False
    preserve_paragraphs: bool = False
    embed: Callable | None = None


def kept_end(source: Source, settings: Settings, floor: int, limit: int) -> tuple[int, str] | None:
    """The last paragraph end in (floor, limit] if those are to be preserved, likewise sentences."""
    if settings.preserve_paragraphs:
        end = last_within(source.paragraph_list, floor, limit)
        if end is not None:
            return end, 'paragraph'
    if settings.preserve_sentences:
        end = last_within(source.sentence_list, floor, limit)
        if end is not None:
            return end, 'paragraph' if end in source.paragraph_set else 'sentence'
    return None
