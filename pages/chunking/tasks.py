"""The chunking page's exercises: what counts as done."""

from minigpt.chunking import chunk
from pages.exercises import near

ENOUGH = 5       # chunks, for a cutting to count
KEPT = 0.95      # of the ties between neighbouring sentences
LARGEST = 300    # characters
LENGTH, SIZE, OVERLAP = 10_000, 500, 100


def cuts_between_sentences(page) -> bool:
    """No cut of the reader's falls anywhere but between sentences or paragraphs."""
    q = page.cut.quality
    return bool(q) and q.count >= ENOUGH and q.borders.keys() <= {'sentence', 'paragraph'}


def keeps_context(page) -> bool:
    """Chunks of at most LARGEST characters keep nearly all ties, with whole sentences."""
    q = page.cut.quality
    small = all(len(chunk) <= LARGEST for chunk in page.cut.chunks)
    return (bool(q) and q.count >= ENOUGH and small and q.whole_sentences == 1
            and q.context_preservation >= KEPT)


def knows_the_count(page, text: str) -> bool:
    """How many chunks of SIZE that overlap by OVERLAP cover LENGTH: what minigpt makes of it."""
    return near(text, len(chunk('x' * LENGTH, 'fixed', SIZE, OVERLAP)), 0)
