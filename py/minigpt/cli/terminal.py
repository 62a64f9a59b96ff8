"""What the commands share in drawing to a terminal: progress on one line, bars, colour."""

import os
import sys
import time

BLOCKS = ' ▏▎▍▌▋▊▉█'


def bar(share: float, width: int) -> str:
    """A bar of `width` cells, filled to `share` (0–1) in eighths of a cell.

    >>> bar(0.5, 4)
    '██  '
    """
    eighths = round(max(0, min(1, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ('█' * full + (BLOCKS[rest] if rest else '')).ljust(width)


def bold(text: str) -> str:
    return styled(text, '1')


def dim(text: str) -> str:
    return styled(text, '2')


def styled(text: str, code: str) -> str:
    """The text in an ANSI style, where the output is a terminal that wants colour."""
    wanted = sys.stdout.isatty() and 'NO_COLOR' not in os.environ
    return f'\x1b[{code}m{text}\x1b[0m' if wanted else text


def duration(seconds: float) -> str:
    """Seconds as a person says them: 42 s, 3 min 05 s, 2 h 10 min."""
    seconds = round(seconds)
    if seconds < 60:
        return f'{seconds} s'
    if seconds < 3600:
        return f'{seconds // 60} min {seconds % 60:02d} s'
    return f'{seconds // 3600} h {seconds // 60 % 60:02d} min'


class Paragraph:
    """Writes text that arrives in pieces, breaking lines between words at `width` columns."""

    def __init__(self, width: int = 78, indent: str = '  '):
        self._width, self._indent = width, indent
        self._column, self._word = 0, ''

    def write(self, piece: str) -> None:
        for character in piece:
            if character in ' \n':
                self._flush()
                self._column = self._width if character == '\n' else self._column
            else:
                self._word += character

    def close(self) -> None:
        """Write the last word and end the line."""
        self._flush()
        print()

    def _flush(self) -> None:
        if not self._word:
            return
        if self._column and self._column + 1 + len(self._word) > self._width:
            print()
            self._column = 0
        lead = ' ' if self._column else self._indent
        print(f'{lead}{self._word}', end='', flush=True)
        self._column += len(lead) + len(self._word)
        self._word = ''


class Progress:
    """One line on stderr that is rewritten, at most ten times a second; silent in a pipe."""

    def __init__(self):
        self.started = time.monotonic()
        self._live = sys.stderr.isatty()
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
