"""An error of the reader's code: the lines of theirs that led to it, then what it says."""

import traceback

from minigpt.errors import MinigptError

OURS = '<console '  # begins the file names of the reader's code


def told(error: BaseException, lang: str) -> str:
    """As Python tells it, without the frames of the console and of libraries; an error of minigpt's
    in the reader's language.

    Where it was a library that raised it, its line is named: there the source can be read on.
    """
    found = traceback.TracebackException.from_exception(error)
    for it in _chain(found):
        _trim(it)
    lines = list(found.format())
    if isinstance(error, MinigptError):
        lines[-1] = f'{type(error).__name__}: {error.in_language(lang)}\n'
    return ''.join(lines)


def raised_in(error: BaseException, package: str) -> bool:
    """Whether a function of this package, or one that it called, raised it."""
    return any(frame.f_globals.get('__name__', '').partition('.')[0] == package
               for frame, _ in traceback.walk_tb(error.__traceback__))


def _chain(found):
    """The error, and those during whose handling it came."""
    while found:
        yield found
        found = found.__cause__ or found.__context__


def _trim(found: traceback.TracebackException) -> None:
    """Keep the reader's frames, and the very last one where that is another's."""
    frames = list(found.stack)
    first = next((i for i, it in enumerate(frames) if it.filename.startswith(OURS)), len(frames))
    theirs = [it for it in frames[first:] if it.filename.startswith(OURS)]
    last = frames[-1:] if theirs and theirs[-1] is not frames[-1] else []
    found.stack = traceback.StackSummary.from_list([*theirs, *last])
