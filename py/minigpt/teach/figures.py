"""What a lesson's step can show beside its words: data, not drawings.

A terminal draws them with draw.py, a page with its charts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.locale import named


class Name(str):
    """A word in the code's language that the reader's language has another for: 'held out'."""

    def in_language(self, lang: str) -> str:
        return named(str(self), lang)


def told(word, lang: str):
    """A name in the reader's language; anything else as it is."""
    return word.in_language(lang) if isinstance(word, Name) else word


@dataclass(frozen=True)
class Bars:
    """One number for each label; `digits` behind the decimal sign, `unit` after it."""
    labels: Sequence[str]
    values: Sequence[float]
    digits: int = 1
    unit: str = ''


@dataclass(frozen=True)
class Heat:
    """A matrix (R, N) as shades, darkest the largest; labels for its rows and columns."""
    values: np.ndarray
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()


@dataclass(frozen=True)
class Curves:
    """Numbers over equal steps, one line for each name.

    `x` and `y` say what the axes are: keys of teach.axes. The last point of each line lies at x =
    `last` (default: as many as the longest line has points), its first at `first` (default: one
    step from 0).
    """
    lines: Mapping[str, Sequence[float]]
    digits: int = 2
    x: str = 'step'
    y: str = 'value'
    first: float | None = None
    last: float | None = None

    def places(self, name: str) -> np.ndarray:
        """The x of each point of a line."""
        count = len(self.lines[name])
        last = max(map(len, self.lines.values())) if self.last is None else self.last
        return np.linspace(last / count if self.first is None else self.first, last, count)


@dataclass(frozen=True)
class Rows:
    """The body of a table; its head is the last line of the step's words: | a | b |.

    A cell is a string, an int, or (number, digits).
    """
    cells: Sequence[tuple]


@dataclass(frozen=True)
class Verbatim:
    """Text that stands as it is: source code, or what a model wrote."""
    text: str


Figure = Bars | Heat | Curves | Rows | Verbatim
