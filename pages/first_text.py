"""The text that a page opens on: ours, or the beginning of what the reader's own model learnt."""

from pages.lab import is_shipped, lab

CHARACTERS = 300  # of the corpus that are looked at
WORDS = 6         # of the reader's own text, for a model that may not know ours
CUT = '\ufffd'     # a character of which only the first bytes fit


def first_text(ours: str) -> str:
    """`ours`, or the first words of the reader's own text; as much as fits into the context."""
    words = lab().corpus[:CHARACTERS].split()[:WORDS]
    return fitted(ours if is_shipped() or not words else ' '.join(words))


def fitting(texts: list[str]) -> list[str]:
    """Texts to choose from, each as far as it fits into the context, none twice."""
    return list(dict.fromkeys(map(fitted, texts)))


def fitted(said: str) -> str:
    """As much of it as fits into the context."""
    tokenizer, block = lab().tokenizer, lab().model.config.block_size
    while len(ids := tokenizer.encode(said)) > block:
        said = tokenizer.decode(ids[:block]).rstrip(CUT)
    return said
