"""The texts that a page opens on and offers: ours, or beginnings of what the reader's own model
learnt.
"""

from minigpt.lab import shipped_lab
from pages.lab import is_shipped, lab

CHARACTERS = 300  # of the corpus that are looked at
WORDS = 6         # of the reader's own text, for a model that may not know ours
LINES = 4          # of the own text that are offered
LETTERS = 90       # of each
LOOKED_AT = 4000   # characters of the own text in which they are found
CUT = '\ufffd'     # a character of which only the first bytes fit


def first_text(ours: str) -> str:
    """`ours`, or the first words of the reader's own text; as much as fits into the context."""
    words = lab().corpus[:CHARACTERS].split()[:WORDS]
    return fitted(ours if is_shipped() or not words else ' '.join(words))


def examples(ours: list[str]) -> list[str]:
    """Texts to choose from: `ours`, or the first lines of the reader's own text, each as far as it
    fits into the context, in whole words where there are any, none twice.
    """
    corpus = lab().corpus
    if corpus != shipped_lab().corpus:
        lines = corpus[:LOOKED_AT].splitlines()
        if len(corpus) > LOOKED_AT and len(lines) > 1:
            lines.pop()  # cut anywhere
        lines = (shortened(line) for line in lines if line.strip())
        ours = list(dict.fromkeys(lines))[:LINES] or ours
    found = {said: fitted(said) for said in ours}
    return list(dict.fromkeys(fits if fits == said else fits.rpartition(' ')[0] or fits
                              for said, fits in found.items()))


def shortened(line: str) -> str:
    """The line, or as many of its first words as fit."""
    line = line.strip()
    if len(line) <= LETTERS:
        return line
    return line[:LETTERS].rpartition(' ')[0] or line[:LETTERS]


def fitted(said: str) -> str:
    """As much of it as fits into the context."""
    tokenizer, block = lab().tokenizer, lab().model.config.block_size
    while len(ids := tokenizer.encode(said)) > block:
        said = tokenizer.decode(ids[:block]).rstrip(CUT)
    return said
