"""The terminal drawn by rich (https://rich.readthedocs.io): the same names as in plain.py.

Texts reach rich as Text objects or Markdown, never as its own [markup]: a token may look like it.
"""

import sys
import time

from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

WIDTH = 80


def console(wishes) -> Console:
    """A console on today's stdout, at most WIDTH columns wide."""
    found = Console(file=sys.stdout, highlight=False, soft_wrap=False,
                    color_system='auto' if wishes.colour else None, no_color=not wishes.colour)
    found.width = min(found.width, WIDTH)
    return found


def show(drawn, wishes, **options) -> None:
    """Print without the spaces that rich fills lines with."""
    screen = console(wishes)
    with screen.capture() as captured:
        screen.print(drawn, **options)
    print('\n'.join(line.rstrip() for line in captured.get().rstrip().split('\n')))


def heading(text: str, wishes) -> None:
    show(Text(text, 'bold cyan'), wishes)


def prose(text: str, wishes) -> None:
    print()
    show(Markdown(text), wishes, width=WIDTH - 2)


def table(head: list[str], rows: list[list[str]], sides: str, wishes) -> None:
    drawn = Table(box=box.SIMPLE_HEAD, show_header=any(head), header_style='bold',
                  padding=(0, 1, 0, 0))
    for i, (title, side) in enumerate(zip(head if any(head) else [''] * len(sides), sides)):
        drawn.add_column(Text(title), justify='right' if side == 'r' else 'left', overflow='fold',
                         no_wrap=i == 0 or side == 'r')
    for row in rows:
        drawn.add_row(*map(Text, row))
    show(drawn, wishes)


class Progress:
    """Rich's bar on stderr, taken away when cleared; silent unless live."""

    def __init__(self, live: bool, colour: bool = True):
        self.started = time.monotonic()
        self._live, self._colour = live, colour
        self._bars = None

    def show(self, share: float, text: str) -> None:
        """Draw the bar at `share` (0–1) with the text and the time left."""
        if self._live:
            bars, task = self._begun()
            bars.update(task, completed=share, total=1, description=text)

    def tell(self, text: str) -> None:
        """Say what is being done now, where nobody knows how much is left."""
        if self._live:
            bars, task = self._begun()
            bars.update(task, total=None, description=text)

    def clear(self) -> None:
        """Take the bar away, so that a line can be printed; the next `show` draws it again."""
        if self._bars:
            self._bars[0].stop()
            self._bars = None

    def _begun(self):
        if self._bars is None:
            bars = Bars(BarColumn(20), TextColumn('{task.description}', markup=False),
                        TimeRemainingColumn(), transient=True,
                        console=Console(stderr=True, no_color=not self._colour))
            bars.start()
            self._bars = bars, bars.add_task('', total=1)
        return self._bars
