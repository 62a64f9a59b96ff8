"""Other people's docstrings leave the memory that the site starts from: nobody reads them there.

Their own modules come without (py/sitebuild/compile_all.py); these are the standard library's, and
what packages write for themselves when they are imported.
"""

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
    parameters, unless they are ours.
    """
    lean = {}  # code -> the same without docstrings: functions go on sharing it
    for thing in things:
        if isinstance(thing, FunctionType):
            if not _is_ours(thing):
                thing.__doc__ = None
                thing.__code__ = without_docstrings(thing.__code__, lean)
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


def without_docstrings(code: CodeType, lean: dict[CodeType, CodeType]) -> CodeType:
    """The code with no docstring, nor any in the functions that it makes; kept in `lean`."""
    if code not in lean:
        constants = tuple(without_docstrings(it, lean) if isinstance(it, CodeType) else it
                          for it in code.co_consts)
        if code.co_flags & HAS_DOCSTRING:
            constants = (None, *constants[1:])
        same = all(one is other for one, other in zip(constants, code.co_consts, strict=True))
        lean[code] = code if same else code.replace(co_consts=constants)
    return lean[code]


def _is_ours(thing) -> bool:
    module = getattr(thing, '__module__', None)
    return isinstance(module, str) and module.partition('.')[0] in OURS


def _forget(change, thing, name: str) -> None:
    try:
        change(thing, name, None)
    except (AttributeError, TypeError):  # made in C
        pass
