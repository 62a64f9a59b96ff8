"""`plot(...)`: numbers as a chart under the answer."""

import math
from collections.abc import Callable

import numpy as np
import param

from pages.charts import BarChart, LineChart, PointChart
from pages.components.matrix import Matrix
from pages.locale import text

KINDS = ('lines', 'points', 'bars', 'histogram')
MOST_POINTS = 20_000   # more are no longer seen
MOST_LINES = 4         # dashes that can be told apart
BINS = 40
WIDEST = 800       # pixels


class Look(param.Parameterized):
    """What a chart asks of its page. Each has one of its own: a chart that is gone is let go."""
    lang = param.String(default='pt')
    theme = param.String(default='light')


class Plotter:
    """`plot` shows a chart by calling `show`, in the console's language and theme."""

    def __init__(self, console, show: Callable[[object], None]):
        self._console, self._show = console, show

    def plot(self, *values, kind: str = 'lines', title: str = '', x: str = '', y: str = '') -> None:
        """Draw numbers.

            plot(y)   plot(x, y)   plot({'name': y, ...})      lines
            plot(x, y, kind='points')   plot(y, kind='bars')   plot(y, kind='histogram')
            plot(matrix)                                       colours, row by column

        x, y: what the axes are called.
        """
        if kind not in KINDS:
            raise ValueError(f'kind must be one of {KINDS}, got {kind!r}')
        if not 1 <= len(values) <= 2:
            raise TypeError('plot takes y, or x and y, or a dictionary of lines, or a matrix')
        words = text(self._console.lang)['console']['plot']
        title = title or words['title']
        if isinstance(values[0], dict):
            self._lines(values[0], title, x, y)
            return
        *first, last = [_numbers(it) for it in values]
        if last.ndim == 2:
            self._matrix(last, title, x, y)
        elif kind == 'lines':
            self._lines({y or words['value']: last}, title, x, y, *first)
        elif kind == 'points':
            self._points(first[0] if first else np.arange(len(last)), last, title, x, y)
        else:
            self._bars(kind, last, title, x, y)

    def _lines(self, lines: dict, title: str, x: str, y: str, places=None) -> None:
        lines = {str(name): _row(it) for name, it in lines.items()}
        if not 1 <= len(lines) <= MOST_LINES:
            raise ValueError(f'{MOST_LINES} lines can be told apart, got {len(lines)}')
        length = len(next(iter(lines.values())))
        places = np.arange(length) if places is None else _row(places)
        if any(len(it) != len(places) for it in lines.values()):
            raise ValueError('x and all lines need the same length')
        chart = LineChart(self._look(), digits=(_digits(places), _digits(*lines.values())))
        self._put(chart, title, x, y)
        chart.draw(places, lines)

    def _points(self, places, values, title: str, x: str, y: str) -> None:
        places, values = _row(places), _row(values)
        if len(places) != len(values):
            raise ValueError('x and y need the same length')
        chart = PointChart(self._look(), digits=(_digits(places), _digits(values)))
        self._put(chart, title, x, y)
        chart.draw(places, values, [str(i) for i in range(len(values))])

    def _bars(self, kind: str, values, title: str, x: str, y: str) -> None:
        values = _row(values)
        edges = np.arange(len(values) + 1) - 0.5
        words = text(self._console.lang)['console']['plot']
        if kind == 'histogram':
            values, edges = np.histogram(values[np.isfinite(values)], BINS)
            x, y = x or words['value'], y or words['count']
        chart = BarChart(self._look(), digits=(_digits(edges), _digits(values)))
        self._put(chart, title, x, y)
        chart.draw(values, edges)

    def _matrix(self, matrix, title: str, x: str, y: str) -> None:
        words = text(self._console.lang)
        signed = bool((matrix < 0).any())
        self._show(Matrix(
            words=words['matrix'], locale=words['tag'], title=title, values=matrix,
            row_axis=y or words['console']['plot']['row'], digits=_digits(matrix),
            column_axis=x or words['console']['plot']['column'],
            scale='diverging' if signed else 'sequential'))

    def _look(self) -> Look:
        return Look(lang=self._console.lang, theme=self._console.theme)

    def _put(self, chart, title: str, x: str, y: str) -> None:
        words = text(self._console.lang)['console']['plot']
        chart.label(title, x or words['index'], y or words['value'])
        chart.box.max_width = WIDEST
        self._show(chart)


def _numbers(values) -> np.ndarray:
    """As float64; one or two axes, none of them empty."""
    found = np.asarray(values, dtype=np.float64)
    if found.ndim not in (1, 2) or not found.size:
        raise ValueError(f'plot draws rows and matrices of numbers, got the shape {found.shape}')
    if found.size > MOST_POINTS:
        raise ValueError(f'{found.size} numbers are too many to see; {MOST_POINTS} are the most')
    return found


def _row(values) -> np.ndarray:
    found = _numbers(values)
    if found.ndim != 1:
        raise ValueError(f'a row of numbers is needed here, got the shape {found.shape}')
    return found


def _digits(*rows) -> int:
    """Decimals that show four digits of the largest number, none for whole ones."""
    largest = max((float(np.nanmax(np.abs(it))) for it in rows if np.isfinite(it).any()),
                  default=0.0)
    if all(np.array_equal(it, np.round(it)) for it in rows) or not math.isfinite(largest):
        return 0
    return max(0, min(6, 3 - math.floor(math.log10(largest or 1))))
