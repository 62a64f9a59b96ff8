"""The terminal without rich: the same things as text that needs nothing but letters."""

import sys
import textwrap
import time

from minigpt.teach.draw import bar
from minigpt.teach.prose import paragraphs

WIDTH = 78


def styled(text: str, code: str, wishes, stream) -> str:
    return f'\x1b[{code}m{text}\x1b[0m' if wishes.colour and stream.isatty() else text


def heading(text: str, wishes) -> None:
    print(styled(text, '1', wishes, sys.stdout))


def prose(text: str, wishes) -> None:
    """Paragraphs are parted by blank lines; an indented one is printed as it stands."""
    for paragraph in paragraphs(text):
        print('\n' + (paragraph.text if paragraph.verbatim else
                      textwrap.fill(paragraph.text, WIDTH, break_on_hyphens=False)))


def table(head: list[str], rows: list[list[str]], sides: str, wishes) -> None:
    """Columns as wide as their cells; the last is broken into lines if the table is too wide."""
    shown = [head, *rows] if any(head) else rows
    if not shown:
        return
    widths = [max(len(row[i]) for row in shown) for i in range(len(shown[0]))]
    room = WIDTH - sum(widths[:-1]) - 2 * len(widths)
    widths[-1] = min(widths[-1], max(12, room))
    print()
    for number, row in enumerate(shown):
        for line in row_lines(row, widths, sides):
            print(styled(line, '1', wishes, sys.stdout) if any(head) and number == 0 else line)
        if any(head) and number == 0:
            print('  ' + '  '.join('-' * width for width in widths))


def row_lines(row: list[str], widths: list[int], sides: str):
    """The lines of one row; only its last cell may need more than one."""
    last = textwrap.wrap(row[-1], widths[-1]) or ['']
    for number, piece in enumerate(last):
        cells = [*(row[:-1] if number == 0 else [''] * (len(row) - 1)), piece]
        aligned = (cell.rjust(width) if side == 'r' else cell.ljust(width)
                   for cell, width, side in zip(cells, widths, sides))
        yield ('  ' + '  '.join(aligned)).rstrip()


def duration(seconds: float) -> str:
    """Seconds as a person says them: 42 s, 3 min 05 s, 2 h 10 min."""
    seconds = round(seconds)
    if seconds < 60:
        return f'{seconds} s'
    if seconds < 3600:
        return f'{seconds // 60} min {seconds % 60:02d} s'
    return f'{seconds // 3600} h {seconds // 60 % 60:02d} min'


class Progress:
    """One line on stderr that is rewritten, at most ten times a second; silent unless live."""

    def __init__(self, live: bool, colour: bool = True):
        self.started = time.monotonic()
        self._live = live
        self._drawn = 0.0

    def show(self, share: float, text: str) -> None:
        """Draw the bar at `share` (0–1) with the text and the time left at this pace."""
        now = time.monotonic()
        if now - self._drawn < 0.1 and share < 1:
            return
        self._drawn = now
        left = (now - self.started) * (1 - share) / share if share else 0
        self.tell(f'{bar(share, 20)}│ {text}  ETA {duration(left)}')

    def tell(self, text: str) -> None:
        """Say what is being done now, where nobody knows how much is left."""
        if self._live:
            print(f'\r\x1b[K{text}', end='', file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._live:
            print('\r\x1b[K', end='', file=sys.stderr, flush=True)
