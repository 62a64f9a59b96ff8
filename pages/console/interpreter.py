"""Runs what a reader typed, as Python's own prompt does, with `await` at the top level.

    source ──is_complete──▶ run ──▶ write('out', …)    what it prints
                                    write('value', …)  what an expression is
                                    write('error', …)  what went wrong

Everything is the standard library's: codeop says whether a command is complete, rlcompleter how a
name goes on, and Python itself compiles.
"""

import ast
import codeop
import contextlib
import inspect
import io
import linecache
import rlcompleter
import sys
import types
from collections.abc import Callable
from contextlib import AbstractContextManager

Write = Callable[[str, str], None]
FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
MOST_COMPLETIONS = 60


class Interpreter:
    """`names` are what the reader's code sees, and what it sets stays in them.

    `tell(error)` puts an error into words. `interruptible()` is a block in which the
    reader's Stop may raise KeyboardInterrupt.
    """

    def __init__(self, names: dict, write: Write, tell: Callable[[BaseException], str],
                 interruptible: Callable[[], AbstractContextManager] = contextlib.nullcontext):
        self.names = names
        self._write = write
        self._tell = tell
        self._interruptible = interruptible
        self._count = 0  # commands so far; each has a file name of its own, for tracebacks

    async def run(self, source: str) -> None:
        """Compile and run it; whatever it raises is told, not raised."""
        self._count += 1
        file = f'<console {self._count}>'
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        out = _Out(self._write)
        hook, sys.displayhook = sys.displayhook, self._show
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                code = compile(_interactive(source, file), file, 'single', FLAGS, True)
                with self._interruptible():
                    result = eval(code, self.names)
                if inspect.iscoroutine(result):
                    await _stretches(result, self._interruptible)
        except BaseException as error:  # also SystemExit: there is nothing to leave
            self._write('error', self._tell(error))
        finally:
            sys.displayhook = hook

    def _show(self, value: object) -> None:
        """What Python's prompt does with the value of an expression."""
        if value is not None:
            self.names['_'] = value
            self._write('value', f'{value!r}\n')


def is_complete(source: str) -> bool:
    """Whether Enter should run it: Python wants no more lines, and an indented block has ended
    with an empty line, as at Python's own prompt. What is wrong is complete: it will be told.
    """
    lines = source.split('\n')
    if len(lines) > 1 and lines[-1][:1] in (' ', '\t') and lines[-1].strip():
        return False
    compiler = codeop.CommandCompiler()
    compiler.compiler.flags |= FLAGS
    try:
        return compiler(source, '<console>', 'exec') is not None
    except (SyntaxError, ValueError, OverflowError):
        return True


def completions(text: str, names: dict) -> tuple[int, list[str]]:
    """How the name that `text` ends with may go on: where it starts, and whole names, sorted."""
    start = len(text)
    while start and (text[start - 1].isidentifier() or text[start - 1].isdigit()
                     or text[start - 1] == '.'):
        start -= 1
    begun = text[start:]
    if not begun:
        return start, []
    completer, found = rlcompleter.Completer(names), []
    with contextlib.suppress(Exception):  # a property of the reader's may raise anything
        while len(found) < MOST_COMPLETIONS and (it := completer.complete(begun, len(found))):
            found.append(it)
    return start, sorted({it.rstrip() for it in found})


def _interactive(source: str, file: str) -> ast.Interactive:
    """Statements whose expressions are shown, however many there are."""
    return ast.Interactive(compile(source, file, 'exec', FLAGS | ast.PyCF_ONLY_AST, True).body)


@types.coroutine
def _stretches(coroutine, interruptible):
    """As `await coroutine`, with each stretch between two waits interruptible, and no wait."""
    result = error = None
    while True:
        try:
            with interruptible():
                waits_for = coroutine.throw(error) if error else coroutine.send(result)
        except StopIteration as end:
            return end.value
        result = error = None
        try:
            result = yield waits_for
        except BaseException as thrown:
            error = thrown


class _Out(io.TextIOBase):
    """Standard output and error of the reader's code."""

    def __init__(self, write: Write):
        super().__init__()
        self._tell = write

    def write(self, text: str) -> int:
        self._tell('out', text)
        return len(text)

    def writable(self) -> bool:
        return True
