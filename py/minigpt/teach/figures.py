"""What a lesson's step can show beside its words: data, not drawings.

A terminal draws them with draw.py, a page with its charts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


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
    """Numbers over equal steps, one line for each name."""
    lines: Mapping[str, Sequence[float]]
    digits: int = 2


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
