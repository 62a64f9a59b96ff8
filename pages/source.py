"""The real lines of minigpt, cut into plain words, comments, strings and keywords."""

import functools
import inspect
import io
import keyword
import textwrap
import tokenize
from pathlib import Path

import minigpt

Piece = tuple[str, str]  # kind ('', 'comment', 'string' or 'keyword') and text
STRINGS = {getattr(tokenize, name) for name in
           ('STRING', 'FSTRING_START', 'FSTRING_MIDDLE', 'FSTRING_END') if hasattr(tokenize, name)}


@functools.cache
def source(thing) -> dict:
    """`name`, `file`, `first` line number and `lines` (each a list of Pieces) of a function or
    class of minigpt, read from the file that it runs from.
    """
    thing = inspect.unwrap(thing)
    written, first = inspect.getsourcelines(thing)
    file = Path(inspect.getsourcefile(thing)).relative_to(Path(minigpt.__file__).parents[1])
    return {'name': thing.__qualname__, 'file': file.as_posix(), 'first': first,
            'lines': pieces(textwrap.dedent(''.join(written)))}


def pieces(code: str) -> list[list[Piece]]:
    """The lines of `code`, each cut where the kind changes; joined they are the code again."""
    lines = [[] for _ in code.splitlines()]
    told = [0] * len(lines)  # characters of each line that are in its pieces

    def tell(row: int, end: int, kind: str) -> None:
        text = code_lines[row][told[row]:end]
        if text:
            lines[row].append((kind, text))
        told[row] = max(told[row], end)

    code_lines = code.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if kind := _kind(token):
            (row, start), (last, end) = token.start, token.end
            tell(row - 1, start, '')
            for between in range(row - 1, last - 1):
                tell(between, len(code_lines[between]), kind)
            tell(last - 1, end, kind)
    for row, line in enumerate(code_lines):
        tell(row, len(line), '')
    return lines


def _kind(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.COMMENT:
        return 'comment'
    if token.type in STRINGS:
        return 'string'
    return 'keyword' if token.type == tokenize.NAME and keyword.iskeyword(token.string) else ''
