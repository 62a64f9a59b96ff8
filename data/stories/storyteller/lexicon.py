"""The lexicon: classes of nouns, names, adjectives and set phrases read from ``words.txt``.

A class is a heading ``== CLASS`` and entries separated by ``;``. An entry starts with its kind:
``m``/``f`` noun, ``mp``/``fp`` plural noun, ``M``/``F`` personal name, ``a`` adjective (written in
the masculine singular), ``x`` a phrase that never changes. ``m pão/pães`` gives an odd plural.
"""

from dataclasses import dataclass
from pathlib import Path

from .agreement import plural

KINDS = {"m": "ms", "f": "fs", "mp": "mp", "fp": "fp", "M": "ms", "F": "fs", "a": "ms", "x": "ms"}


@dataclass(frozen=True)
class Word:
    """One entry: its text, its plural, gender ``m``/``f``, number ``s``/``p`` and kind."""

    text: str
    many: str
    gender: str
    number: str
    kind: str

    @property
    def is_name(self) -> bool:
        return self.kind in ("M", "F")

    @property
    def is_adjective(self) -> bool:
        return self.kind == "a"


def parse_entry(entry: str) -> Word:
    """``"f maçã"`` -> ``Word("maçã", "maçãs", "f", "s", "f")``; ValueError for an unknown kind."""
    kind, _, rest = entry.strip().partition(" ")
    if kind not in KINDS or not rest:
        raise ValueError(f"lexicon entry {entry!r} must start with one of {', '.join(KINDS)}")
    text, _, many = (part.strip() for part in rest.partition("/"))
    gender, number = KINDS[kind]
    return Word(text, many or (text if number == "p" else plural(text)), gender, number, kind)


def load(path: Path) -> dict[str, list[Word]]:
    """Read a lexicon file into ``{class name: entries in file order}``."""
    classes: dict[str, list[Word]] = {}
    current = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current = line[3:].strip()
            classes[current] = []
        elif line.strip() and not line.startswith("#"):
            classes[current] += [parse_entry(e) for e in line.split(";") if e.strip()]
    return classes
