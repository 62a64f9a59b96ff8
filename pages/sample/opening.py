"""The question that the sample page opens on, and the words that answer it."""

from minigpt.chunking.source import Source
from pages.first_text import shortened
from pages.lab import shipped_lab
from pages.sample.scan import excerpts
from pages.sample.settings import EXAMPLES

FIRST = EXAMPLES['roda']


def opening(corpus: str) -> tuple[str, str]:
    """Ours, or a sentence of the reader's own text, which is to be found again."""
    if corpus == shipped_lab().corpus:
        return FIRST
    said = middle_sentence(excerpts(corpus)[0].text) if excerpts(corpus) else ''
    return said or FIRST[0], said


def middle_sentence(text: str) -> str:
    """The one in the middle, or its first words where it is long."""
    ends = [0, *Source(text).sentence_list]
    sentences = [text[a:b] for a, b in zip(ends, ends[1:])]
    return shortened(sentences[len(sentences) // 2]) if sentences else ''
