"""Figures as lines of text that read well in any terminal, 76 columns wide."""

import re
import textwrap
from collections.abc import Sequence

import numpy as np

from minigpt.locale import decimal, scientific, sentence
from minigpt.teach.figures import Bars, Curves, Figure, Heat, Rows, Verbatim, told
from minigpt.tokenizer.loose_bytes import with_loose_bytes

WIDTH = 76
BLOCKS = ' ▏▎▍▌▋▊▉█'
LEVELS = '▁▂▃▄▅▆▇█'
SHADES = ' ░▒▓█'
MOST_COLUMNS = 60  # of a heat map; a wider matrix is averaged down
MOST_ROWS = 24
CONTROL = re.compile('[\x00-\x1f\x7f-\x9f]')


def drawn(figure: Figure, lang: str) -> list[str]:
    """The lines of any figure but Rows, which are a table's business."""
    return DRAW[type(figure)](figure, lang)


def bar(share: float, width: int) -> str:
    """A bar of `width` cells, filled to `share` (0–1) in eighths of a cell.

    >>> bar(0.5, 4)
    '██  '
    """
    eighths = round(max(0, min(1, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ('█' * full + (BLOCKS[rest] if rest else '')).ljust(width)


def bars(figure: Bars, lang: str) -> list[str]:
    """A line for each label; the longest bar is the largest value."""
    numbers = [decimal(value, figure.digits, lang) + figure.unit for value in figure.values]
    names = [told(name, lang) for name in figure.labels]
    label = min(24, max(map(len, names)))
    number = max(map(len, numbers))
    largest = max(max(figure.values), 0) or 1
    room = min(40, WIDTH - label - number - 2)
    return [f'{clipped(name, label):>{label}} {bar(value / largest, room)} {text:>{number}}'
            for name, value, text in zip(names, figure.values, numbers, strict=True)]


def heat(figure: Heat, lang: str) -> list[str]:
    """A row of shades for each row of the matrix, two cells for each number where they fit."""
    values = shrunk(np.asarray(figure.values, float), MOST_ROWS, MOST_COLUMNS)
    exact = values.shape == np.shape(figure.values)
    rows = list(figure.rows) if exact and len(figure.rows) else [''] * len(values)
    label = min(16, max(map(len, rows)))
    cell = 2 if label + 1 + 2 * values.shape[1] <= WIDTH else 1
    found = values[np.isfinite(values)]
    low, high = (found.min(), found.max()) if found.size else (0, 0)
    lines = [f'{clipped(name, label):>{label}} ' + ''.join(
        shade(value, low, high) * cell for value in row) for name, row in zip(rows, values)]
    if exact and len(figure.columns):
        lines = column_names(figure.columns, label + 1, cell) + lines
    scale = f'{SHADES[1]} {short(low, lang)}  {SHADES[-1]} {short(high, lang)}'
    return [*lines, ' ' * (label + 1) + scale]


def shade(value: float, low: float, high: float) -> str:
    """A space for what is not a number or the lowest, up to a full block for the highest."""
    if not np.isfinite(value) or high <= low:
        return SHADES[0]
    return SHADES[min(len(SHADES) - 1, round((value - low) / (high - low) * (len(SHADES) - 1)))]


def column_names(names: Sequence[str], indent: int, cell: int) -> list[str]:
    """The names of the columns, written downwards."""
    height = min(8, max(map(len, names)))
    return [' ' * indent + ''.join(f'{clipped(name, height):>{height}}'[line].ljust(cell)
                                   for name in names) for line in range(height)]


def shrunk(values: np.ndarray, most_rows: int, most_columns: int) -> np.ndarray:
    """A matrix with means of neighbours in place of what does not fit.   (R, N) -> smaller"""
    for axis, most in ((0, most_rows), (1, most_columns)):
        if values.shape[axis] > most:
            pieces = np.array_split(values, most, axis=axis)
            values = np.stack([piece.mean(axis=axis) for piece in pieces], axis=axis)
    return values


def curves(figure: Curves, lang: str) -> list[str]:
    """A spark line for each name on one common scale, with its first and its last number."""
    every = np.concatenate([np.asarray(line, float) for line in figure.lines.values()])
    low, high = every.min(), every.max()
    named = {told(name, lang): line for name, line in figure.lines.items()}
    label = min(20, max(map(len, named)))
    lines = []
    for name, line in named.items():
        points = shrunk(np.asarray(line, float)[None], 1, 40)[0]
        spark = ''.join(level(value, low, high) for value in points)
        first, last = (decimal(float(line[i]), figure.digits, lang) for i in (0, -1))
        lines.append(f'{clipped(name, label):>{label}} {first} {spark} {last}')
    axes = (sentence(lang, f'teach.axes.{axis}') for axis in (figure.y, figure.x))
    return [*lines, ' ' * (label + 1) + '↑ {} → {}'.format(*axes)]


def level(value: float, low: float, high: float) -> str:
    """One of eight heights."""
    share = (value - low) / (high - low) if high > low else 0.5
    return LEVELS[min(len(LEVELS) - 1, int(share * len(LEVELS)))]


def verbatim(figure: Verbatim, lang: str) -> list[str]:
    """Its lines, broken where too long; what would move a terminal's cursor is shown as �."""
    lines = map(tame, figure.text.strip('\n').split('\n'))
    return [piece for line in lines for piece in textwrap.wrap(line, WIDTH - 2) or ['']]


def cells(figure: Rows, lang: str) -> tuple[list[tuple[str, ...]], str]:
    """The table's cells as text, and which of its columns hold numbers: 'lrr'."""
    def said(cell) -> str:
        if isinstance(cell, tuple):
            return decimal(cell[0], cell[1], lang)
        return decimal(cell, 0, lang) if isinstance(cell, int) else str(told(cell, lang))

    first = figure.cells[0] if figure.cells else ()
    sides = ''.join('l' if isinstance(cell, str) else 'r' for cell in first)
    return [tuple(map(said, row)) for row in figure.cells], sides


def visible(token: bytes) -> str:
    """A token as one can see it: its spaces as ·, its line ends as ⏎, loose bytes as ⟨c3⟩.

    >>> visible(b' gato')
    '·gato'
    """
    text = with_loose_bytes(token)
    return tame(text.replace(' ', '·').replace('\n', '⏎').replace('\t', '⇥'))


def tame(line: str) -> str:
    """A line without what a terminal would obey; an untrained model may write anything."""
    return CONTROL.sub('�', line)


def clipped(text: str, width: int) -> str:
    return text if len(text) <= width else text[:width - 1] + '…'


def short(value: float, lang: str) -> str:
    """A number of any size in a few letters: 0,0213 or 1,2·10⁵."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        size = 0 if value == 0 else int(np.floor(np.log10(abs(value))))
        return decimal(float(value), max(0, min(4, 2 - size)), lang)
    return scientific(value, 1, lang)


DRAW = {Bars: bars, Heat: heat, Curves: curves, Verbatim: verbatim}
