"""An edit tried out: what of the forward pass it changes, or what is wrong with it."""

import ast
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from minigpt.nn.model import GPT
from minigpt.nn.trace import Trace
from pages.model.network_copy import NetworkCopy
from minigpt.teach.guard import TooLong

Array = np.ndarray


@dataclass(frozen=True)
class Fault:
    """Why edited code gave no result: `key` of the words that say so, the function and the line in
    its text where it happened (0: not in the reader's own lines), and Python's own message.
    """
    key: str
    function: str
    line: int = 0
    message: str = ''


@dataclass(frozen=True)
class Difference:
    """The largest change of one traced array: where, from what, to what. `largest` is NaN where the
    edit made numbers that are none.
    """
    name: str
    largest: float
    index: tuple[int, ...]
    before: float
    after: float


def fault_in(function: Callable, text: str) -> Fault | None:
    """What can be seen wrong before it runs: it does not parse, or the function is gone."""
    name = function.__name__
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return Fault('syntax', name, error.lineno or 0, error.msg)
    except ValueError as error:  # a NUL
        return Fault('syntax', name, 0, str(error))
    except RecursionError:
        return Fault('syntax', name, 0, 'too many nested parentheses')
    if not any(isinstance(it, ast.FunctionDef) and it.name == name for it in tree.body):
        return Fault('gone', name)
    return None


def run(edits: Mapping[Callable, str], model: GPT, ids: Array) -> Trace | Fault:
    """The trace of a pass with these functions edited, or what went wrong."""
    for function, text in edits.items():
        if fault := fault_in(function, text):
            return fault
    copy = NetworkCopy(edits)
    names = ', '.join(it.__name__ for it in edits)
    try:
        return _checked(copy.forward(model, ids), names)
    except TooLong as error:
        return _where(copy, error, 'too_long', names)
    except (Exception, SystemExit) as error:
        return _where(copy, error, 'raised', names)


def _checked(trace: Trace, names: str) -> Trace | Fault:
    """Shapes may have changed without an error anywhere."""
    for name, value in trace.items():
        if not isinstance(value, np.ndarray) or value.dtype.kind not in 'fiu':
            return Fault('no_numbers', names, message=name)
    return trace


def _where(copy: NetworkCopy, error: BaseException, key: str, names: str) -> Fault:
    """The last line of the reader's own that the error passed through."""
    message = '' if key == 'too_long' else f'{type(error).__name__}: {error}'
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if found := copy.place(frame.filename, frame.lineno or 0):
            return Fault(key, found[0], found[1], message)
    return Fault(key, names, 0, message)


def differences(before: Trace, after: Trace) -> list[Difference]:
    """For each array of both traces, in the order of the pass, its largest change."""
    return [_difference(name, _of_the_text(name, before), _of_the_text(name, after))
            for name in before if name in after and before[name].shape == after[name].shape]


def _of_the_text(name: str, trace: Trace) -> Array:
    """An array without the axis of the batch, which the mask does not have."""
    return trace[name] if name.endswith('.attn.mask') else trace[name][0]


def _difference(name: str, before: Array, after: Array) -> Difference:
    # Hidden scores are −∞ in both: no change.
    with np.errstate(invalid='ignore'):
        change = np.where(before == after, 0, np.abs(after.astype(np.float64) - before))
    lost = np.isnan(change)
    index = np.unravel_index(np.argmax(lost if lost.any() else change), change.shape)
    place = tuple(int(i) for i in index)
    return Difference(name, float(change[place]), place, float(before[place]), float(after[place]))
