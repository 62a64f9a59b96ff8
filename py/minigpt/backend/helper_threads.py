"""The browser's helper threads: each carries out a program while this thread does something else.

Pyodide's memory belongs to one thread, so a helper (site/assets/helper_threads.mjs) works on copies
in a memory of its own, where what a program makes on its way stays: only what it is given and its
results are copied. That is nothing beside the work for a piece of a batch (plan.py), and
worth it for a large product (two_threads.py).
"""

import contextlib
import sys
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

# What was interrupted while it began dies with its error, and so holds nothing up.
_all: weakref.WeakSet['Beside'] = weakref.WeakSet()


def helpers() -> list:
    """The site's helper threads."""
    if sys.platform != 'emscripten':
        return []
    import js  # Pyodide's view of the browser, which is asked here only
    return list(getattr(js, 'minigptHelpers', None) or [])


def is_free() -> bool:
    """Whether no program is being carried out."""
    return not any(one.begun for one in _all)


@dataclass(frozen=True)
class Program:
    """`words` are the commands, at `place`; all of it needs `size` bytes. Operands and constants
    are copied to their places first; the results, of these shapes, stay at theirs."""
    words: Array
    place: int
    size: int
    operands: tuple[tuple[np.dtype, int], ...]
    constants: tuple[tuple[Array, int], ...]
    results: tuple[tuple[tuple[int, ...], int], ...]

    def stretches(self, operands: Sequence[Array]) -> list[tuple[Array, int]]:
        """Each array to be copied, and where to."""
        given = [(np.ascontiguousarray(x, dtype), place)
                 for x, (dtype, place) in zip(operands, self.operands, strict=True)]
        return [*given, *self.constants, (self.words, self.place)]


class Beside:
    """A program that a helper carries out for as long as a `with` lasts.

        with Beside(helper, program, operands) as beside:
            …                              # this thread's own work
            results = beside.results()     # None if it has not been taken, or never answered
    """

    def __init__(self, helper, program: Program | None, operands: list[Array]):
        self.helper, self.program, self.operands = helper, program, operands
        self.begun = False
        _all.add(self)

    def __enter__(self):
        if self.program is None:  # there is none for such work
            return self
        stretches = self.program.stretches(self.operands)
        self.begun = self.helper.begin(self.program.size, self.program.place, *facts(stretches))
        return self

    def results(self) -> list[Array] | None:
        """What the program's work returned, in arrays of their own."""
        if not self.begun:
            return None
        found = [np.empty(shape, np.float32) for shape, _ in self.program.results]
        places = (place for _, place in self.program.results)
        return found if self._end(*facts(zip(found, places, strict=True))) else None

    def _end(self, *places) -> bool:
        self.begun = False
        return self.helper.finish(*places)

    def __exit__(self, *error):
        if self.begun:
            with contextlib.suppress(Exception):
                self._end()


def facts(stretches: Iterable[tuple[Array, int]]) -> list[int]:
    """Address, bytes, place, address, … as helper_threads.mjs takes them."""
    return [fact for array, place in stretches
            for fact in (address(array), array.nbytes, place)]


def address(x: Array) -> int:
    return x.__array_interface__['data'][0]
