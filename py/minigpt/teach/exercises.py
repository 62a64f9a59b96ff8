"""Exercises that check themselves: each kind asks for another skill.

    analysis         a number, found by thinking or measuring
    visualisation    what a picture shows: a number or a choice
    comparison       which of several, judged by measuring
    implementation   a function to write; it is compared with the library's own
    debugging        a mistake to mend in a copy of the library's source (bug_hunt.py)

Answers are text, as a terminal or a page gets them. What is right is computed, never written down.
"""

import ast
import math
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from minigpt.locale import LANGUAGES
from minigpt.locale.typed import readings
from minigpt.teach.figures import Figure, told
from minigpt.teach.guard import Clock, TooLong, watched

FILE = '<answer>'  # what a reader's code is called in tracebacks
SECONDS = 20.0    # it may run so long; a slow browser's honest work takes a few
KINDS = ('analysis', 'visualisation', 'comparison', 'implementation', 'debugging')


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and the sentence about it: teach.verdict.<key>."""
    right: bool
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """The base: `kind` is also the section of the lesson's words that asks the question, and the
    name of the lesson's function that makes it."""
    kind: str = ''  # set by the lesson
    values: Mapping[str, object] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()

    @property
    def key(self) -> str:
        return self.kind

    @property
    def starter(self) -> str:
        """The code that an answer begins with; empty where the answer is a word or a number."""
        return ''

    def check(self, answer: str) -> Verdict:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Exercise):
    """A number within `tolerance` of what was computed."""
    expected: float
    tolerance: float

    def check(self, answer: str) -> Verdict:
        given = min(readings(answer), key=lambda it: abs(it - self.expected), default=None)
        if given is None:
            return Verdict(False, 'no_number', {'got': answer})
        if abs(given - self.expected) <= self.tolerance:
            return Verdict(True, 'right')
        return Verdict(False, 'too_large' if given > self.expected else 'too_small')


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """One of several names."""
    expected: str
    choices: Sequence[str]

    def check(self, answer: str) -> Verdict:
        given = answer.strip().casefold()
        chosen = [choice for choice in self.choices if given in named(choice)]
        if not chosen:
            return Verdict(False, 'no_choice', {'choices': tuple(self.choices)})
        return Verdict(self.expected in chosen, 'right' if self.expected in chosen else 'another')


@dataclass(frozen=True, kw_only=True)
class Code(Exercise):
    """A function to write, compared with `reference` on each of `cases` (tuples of arguments)."""
    code: str
    reference: Callable
    cases: Sequence[tuple]
    tolerance: float = 1e-5

    @property
    def starter(self) -> str:
        return self.code

    @property
    def function(self) -> str:
        """The name of the function asked for: the first that the starter defines."""
        return self.code.partition('def ')[2].partition('(')[0]

    def check(self, answer: str) -> Verdict:
        space, problem = executed(answer, {'np': np, 'math': math})
        if problem:
            return problem
        function = space.get(self.function)
        if not callable(function):
            return Verdict(False, 'no_function', {'function': self.function})
        return tried(lambda: self.compare(function))

    def compare(self, function: Callable) -> Verdict:
        """Whether a function gives what `reference` gives in every case."""
        for case in self.cases:
            expected = self.reference(*map(copied, case))
            with np.errstate(all='ignore'):  # what is wrong is told by the comparison
                got = function(*map(copied, case))
                same = close(got, expected, self.tolerance)
            if not same:
                return Verdict(False, 'differs', {'arguments': shown(case), 'got': shown(got),
                                                  'expected': shown(expected)})
        return Verdict(True, 'passes', {'cases': len(self.cases)})


def named(choice: str) -> set[str]:
    """How a choice may be called: as in the code, or as any of the languages has it."""
    return {choice.casefold(), *(told(choice, lang).casefold() for lang in LANGUAGES)}


def executed(source: str, space: dict) -> tuple[dict, Verdict | None]:
    """Run a reader's source in a space of names, to which it adds; what went wrong, if anything.

    Whatever it or its functions do from now on ends after SECONDS.
    """
    clock = Clock()
    clock.begin(SECONDS)
    space |= clock.names
    try:
        tree = watched(ast.parse(source, FILE), 1, source.count('\n') + 1)
        code = compile(tree, FILE, 'exec')
    except SyntaxError as error:
        return space, Verdict(False, 'syntax', {'line': error.lineno or 0, 'reason': error.msg})
    except (ValueError, RecursionError, MemoryError) as error:  # a NUL; nested too deep
        return space, Verdict(False, 'syntax', {'line': 0, 'reason': str(error)})
    return space, tried(lambda: exec(code, space))


def tried(work: Callable[[], Verdict | None]) -> Verdict | None:
    """What comes of running a reader's code: whatever it raises is theirs to mend."""
    try:
        return work()
    except TooLong as error:
        return Verdict(False, 'too_long', {'line': line_of(error), 'seconds': SECONDS})
    except (Exception, SystemExit) as error:
        line, reason = line_of(error), f'{type(error).__name__}: {error}'
        return Verdict(False, 'raised' if line else 'raised_elsewhere',
                       {'line': line, 'reason': reason})


def line_of(error: BaseException) -> int:
    """The last line of the reader's own that an error passed through; 0 for none."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)
             if frame.filename == FILE]
    return lines[-1] if lines else 0


def close(got, expected, tolerance: float) -> bool:
    """Equal, numbers within the tolerance (relative and absolute)."""
    if got is None:
        return expected is None
    if isinstance(expected, (str, bytes, bool)) or expected is None:
        return got == expected
    if isinstance(expected, (list, tuple)) and not all(map(np.isscalar, expected)):
        return len(got) == len(expected) and all(
            close(one, other, tolerance) for one, other in zip(got, expected))
    got, expected = np.asarray(got), np.asarray(expected)
    if expected.dtype.kind not in 'fiub':
        return got.shape == expected.shape and bool((got == expected).all())
    return got.shape == expected.shape and np.allclose(got, expected, tolerance, tolerance)


def copied(value):
    """An argument of the reader's own, so that changing it changes no other case."""
    return value.copy() if isinstance(value, (np.ndarray, list, dict)) else value


def shown(value) -> str:
    """A value in at most 60 characters."""
    with np.printoptions(precision=4, threshold=8, suppress=True):
        text = ' '.join(repr(value).split())
    return text if len(text) <= 60 else text[:59] + '…'
