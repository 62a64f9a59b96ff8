"""Other people's docstrings and line numbers leave the memory that the site starts from: nobody reads
them there.

Packages come without docstrings (py/sitebuild/compile_all.py); these are the standard library's, and
what packages write for themselves when they are imported. A traceback names their functions still,
and the line where each begins.
"""

import functools
import gc
import inspect
from types import CodeType, FunctionType

from bokeh.core.property.bases import Property
from bokeh.core.property.descriptors import PropertyDescriptor
from param import Parameter

OURS = ('minigpt', 'pages')
HAS_DOCSTRING = getattr(inspect, 'CO_HAS_DOCSTRING', 0)  # a code's first constant; Python >= 3.14


def drop(things) -> None:
    """Take the docstrings of those among `things` that are functions, classes, properties or
    parameters, and the functions' line numbers, unless they are ours.
    """
    lean = {}  # file and code -> the same without: functions go on sharing it
    for thing in things:
        if isinstance(thing, FunctionType):
            if not _is_ours(thing):
                thing.__doc__ = None
                thing.__code__ = made_lean(thing.__code__, lean)
        elif isinstance(thing, type):
            if isinstance(vars(thing).get('__doc__'), str) and not _is_ours(thing):
                _forget(type.__setattr__, thing, '__doc__')
        elif isinstance(thing, property):
            if not _is_ours(thing.fget):
                _forget(setattr, thing, '__doc__')
        elif isinstance(thing, Property | PropertyDescriptor):  # ours are parameters
            vars(thing).update({name: None for name in ('__doc__', '_help') if name in vars(thing)})
        elif isinstance(thing, Parameter) and not _is_ours(thing.owner):
            object.__setattr__(thing, 'doc', None)


def drop_all() -> None:
    """Take them of all that is in memory."""
    drop(gc.get_objects())


def made_lean(code: CodeType, lean: dict[tuple[str, CodeType], CodeType]) -> CodeType:
    """The code with no docstring and one line, as all in the functions that it makes; kept in `lean`.
    """
    key = code.co_filename, code
    if key not in lean:
        constants = tuple(made_lean(it, lean) if isinstance(it, CodeType) else it
                          for it in code.co_consts)
        if code.co_flags & HAS_DOCSTRING:
            constants = (None, *constants[1:])
        made = code.replace(co_consts=constants, co_linetable=one_line(len(code.co_code) // 2))
        lean[key] = code if made == code else made
    return lean[key]


@functools.cache
def one_line(units: int) -> bytes:
    """A table of lines (CPython's InternalDocs/code_objects.md) for so many units of code, which are
    all in the code's first line: an entry for each 8 of them.
    """
    whole, rest = divmod(units, 8)
    return b'\xef\0' * whole + (bytes([0xe8 + rest - 1, 0]) if rest else b'')


def _is_ours(thing) -> bool:
    module = getattr(thing, '__module__', None)
    return isinstance(module, str) and module.partition('.')[0] in OURS


def _forget(change, thing, name: str) -> None:
    try:
        change(thing, name, None)
    except (AttributeError, TypeError):  # made in C
        pass
