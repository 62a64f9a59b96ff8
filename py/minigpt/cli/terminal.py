"""What the commands print with: prose, tables, notes, progress, colour.

With `rich` installed (`pip install minigpt[cli]`) it draws; without it plain text says the same.
`choose(...)` is told once, by main, what the person asked for.
"""

import importlib.util
import os
import re
import sys
import textwrap
from dataclasses import dataclass

from minigpt.cli import plain


@dataclass
class Wishes:
    """`colour`: where the output can show it. `quiet`: nothing on stderr but errors."""
    colour: bool = True
    quiet: bool = False


wishes = Wishes()
SHADED = re.compile('█+|▓+|▒+|░+|[▁▂▃▄▅▆▇▏▎▍▌▋▊▉]+')
WARMTH = {'█': 202, '▓': 208, '▒': 214, '░': 222}  # of the 256 colours of xterm; else 208


def choose(colour: bool, quiet: bool) -> None:
    """Take in --no-color and --quiet; NO_COLOR in the environment says the same."""
    wishes.colour = colour and 'NO_COLOR' not in os.environ
    wishes.quiet = quiet


def painter():
    """The module that draws: rich's, or the plain one where rich is missing or not wanted.

    MINIGPT_PLAIN=1 asks for the plain one.
    """
    if os.environ.get('MINIGPT_PLAIN') or importlib.util.find_spec('rich') is None:
        return plain
    from minigpt.cli import with_rich
    return with_rich


def heading(text: str) -> None:
    print()
    painter().heading(text, wishes)


def prose(text: str) -> None:
    """Paragraphs with **bold** and `code`, broken into lines."""
    painter().prose(text, wishes)


def table(head: list[str], rows: list[tuple], sides: str = '') -> None:
    """A table; `sides` has 'l' for a column of words and 'r' for one of numbers: 'lrr'; columns
    that it leaves out hold words. An empty head is not shown."""
    cells = [[str(cell) for cell in row] for row in rows]
    columns = len(cells[0]) if cells else len(head)
    painter().table(head, cells, sides.ljust(columns, 'l'), wishes)


def lines(drawn: list[str]) -> None:
    """A picture made of characters, its shades and bars warmer the darker they are."""
    for line in drawn:
        print(SHADED.sub(lambda run: styled(run[0], f'38;5;{WARMTH.get(run[0][0], 208)}'),
                         f'  {line}'.rstrip()))


def note(text: str) -> None:
    """Something beside the result, on stderr; silent where quiet was asked for."""
    if not wishes.quiet:
        if sys.stderr.isatty():
            text = textwrap.fill(text, plain.WIDTH, subsequent_indent='  ', break_on_hyphens=False)
        print(styled(text, '2', sys.stderr), file=sys.stderr, flush=True)


def progress():
    """A Progress on stderr; silent in a pipe or where quiet was asked for."""
    return painter().Progress(live=sys.stderr.isatty() and not wishes.quiet, colour=wishes.colour)


def bold(text: str) -> str:
    return styled(text, '1')


def dim(text: str) -> str:
    return styled(text, '2')


def good(text: str) -> str:
    return styled(text, '32')


def bad(text: str) -> str:
    return styled(text, '31')


def styled(text: str, code: str, stream=None) -> str:
    """The text in an ANSI style, where the stream is a terminal and colour is wanted."""
    return plain.styled(text, code, wishes, stream or sys.stdout)
