"""Exercises that check themselves: each kind asks for another skill.

    analysis         a number, found by thinking or measuring
    visualisation    what a picture shows: a number or a choice
    comparison       which of several, judged by measuring
    implementation   a function to write; it is compared with the library's own
    debugging        a mistake to mend in a copy of the library's source (bug_hunt.py)

Answers are text, as a terminal or a page gets them. What is right is computed, never written down.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from minigpt.teach.figures import Figure

KINDS = ('analysis', 'visualisation', 'comparison', 'implementation', 'debugging')


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and the sentence about it: teach.verdict.<key>."""
    right: bool
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """The base: `kind` is also the section of the lesson's words that asks the question."""
    kind: str
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
        given = number(answer)
        if math.isnan(given):
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
        if given not in [choice.casefold() for choice in self.choices]:
            return Verdict(False, 'no_choice', {'choices': ', '.join(self.choices)})
        return Verdict(given == self.expected.casefold(),
                       'right' if given == self.expected.casefold() else 'another')


@dataclass(frozen=True, kw_only=True)
class Code(Exercise):
    """A function to write, compared with `reference` on each of `cases` (tuples of arguments)."""
    kind: str = 'implementation'
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
        return self.compare(function)

    def compare(self, function: Callable) -> Verdict:
        """Whether a function gives what `reference` gives in every case."""
        for case in self.cases:
            expected = self.reference(*map(copied, case))
            try:
                with np.errstate(all='ignore'):  # what is wrong is told by the comparison
                    got = function(*map(copied, case))
                same = close(got, expected, self.tolerance)
            except Exception as error:  # whatever the reader's code does is theirs to mend
                return raised(error)
            if not same:
                return Verdict(False, 'differs', {'arguments': shown(case), 'got': shown(got),
                                                  'expected': shown(expected)})
        return Verdict(True, 'passes', {'cases': len(self.cases)})


def number(text: str) -> float:
    """The number someone typed, with a comma or a point, perhaps with % or ×; NaN for none."""
    try:
        return float(text.strip().strip('%×x ').replace('−', '-').replace(',', '.'))
    except ValueError:
        return math.nan


def executed(source: str, space: dict) -> tuple[dict, Verdict | None]:
    """Run a reader's source; its names, and what went wrong if anything did."""
    try:
        exec(compile(source, '<answer>', 'exec'), space)
    except SyntaxError as error:
        return space, Verdict(False, 'syntax', {'line': error.lineno or 0, 'reason': error.msg})
    except Exception as error:
        return space, raised(error)
    return space, None


def raised(error: Exception) -> Verdict:
    return Verdict(False, 'raised', {'reason': f'{type(error).__name__}: {error}'})


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
