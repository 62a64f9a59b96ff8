"""Texts to begin with: ours, or the first lines of the reader's own text."""

from pages import lab
from pages.first_text import fitting
from pages.locale import text

LINES = 4
LETTERS = 90     # of a line that is offered
LOOKED_AT = 4000  # characters of the own text


def examples() -> list[str]:
    """One or more texts; the first one is what the page opens on."""
    ours = text('pt')['attention']['examples']
    corpus = lab.lab().corpus
    if corpus == lab.shipped_lab().corpus:
        return fitting(ours)
    lines = (shortened(line) for line in corpus[:LOOKED_AT].splitlines() if line.strip())
    return fitting(list(dict.fromkeys(lines))[:LINES] or ours)


def shortened(line: str) -> str:
    """The line, or as many of its first words as fit."""
    line = line.strip()
    if len(line) <= LETTERS:
        return line
    return line[:LETTERS].rpartition(' ')[0] or line[:LETTERS]
