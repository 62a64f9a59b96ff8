"""The errors minigpt raises for the person at the keyboard.

Every error is one sentence that says what was wrong and what to do. The sentences live in
`locale/en.json` and `locale/pt.json` under "errors", so a page or a terminal can say them in the
reader's language; `str(error)` is the English one.
"""

import errno
import json
import reprlib
from dataclasses import fields
from numbers import Integral, Real
from typing import get_args

from minigpt.locale import catalogue, sentence


class MinigptError(ValueError):
    """Base class: `key` names the sentence, `values` fill its blanks."""

    def __init__(self, key: str, **values):
        self.key = key
        self.values = values
        super().__init__(self.in_language('en'))

    def in_language(self, lang: str) -> str:
        """The sentence in 'en' or 'pt'."""
        values = {name: value.in_language(lang) if hasattr(value, 'in_language') else value
                  for name, value in self.values.items()}
        return sentence(lang, f'errors.{self.key}', **values)

    def __reduce__(self):
        return _rebuild, (type(self), self.key, self.values)


def _rebuild(kind, key, values):
    return kind(key, **values)


class Refused:
    """Why the system refused a file or a port, in the reader's language; it fits after a colon."""

    def __init__(self, error: OSError):
        self.name = errno.errorcode.get(error.errno, '')
        self.said = error.strerror or str(error)

    def in_language(self, lang: str) -> str:
        """Our own words for what happens often; else what the system says."""
        return catalogue(lang)['system'].get(self.name, self.said)


class Flaw(MinigptError):
    """What is wrong inside a file or a name: a clause that fits after the colon of another error,
    as its `reason`. Its key begins with 'flaw.'."""


def require(condition: bool, key: str, **values) -> None:
    """Raise the Flaw of that key, without its 'flaw.', unless the condition holds."""
    if not condition:
        raise Flaw(f'flaw.{key}', **values)


def flaw(error: Exception) -> MinigptError:
    """The same of an error met while reading what somebody else wrote: Python's own, which are in
    English and speak of our code, become ours."""
    if isinstance(error, MinigptError):
        return error
    if isinstance(error, json.JSONDecodeError):
        return Flaw('flaw.not_json', line=error.lineno, column=error.colno)
    if isinstance(error, UnicodeDecodeError):
        return Flaw('flaw.not_utf8', position=error.start)
    if isinstance(error, RecursionError):
        return Flaw('flaw.too_deep')
    if isinstance(error, KeyError):
        return Flaw('flaw.missing', name=error.args[0])
    return Flaw('flaw.unforeseen', said=error)


class ConfigError(MinigptError):
    """A model or training configuration that cannot work."""


def check_kind(name: str, value, kind, error: type[MinigptError] = ConfigError) -> None:
    """Raise the error unless the value is of the kind, written as in an annotation: int, float,
    bool or str, or `int | None`. NumPy's numbers are numbers, a bool is none; an int is a float, too.
    """
    kinds = get_args(kind) or (kind,)
    if not any(_is(value, it) for it in kinds):
        raise error(f'kind.{kinds[0].__name__}', name=name, got=reprlib.repr(value))


def _is(value, kind: type) -> bool:
    if kind in (int, float):
        return isinstance(value, Integral if kind is int else Real) and not isinstance(value, bool)
    return isinstance(value, kind)


def check_kinds(settings) -> None:
    """The same for each field of a dataclass of settings; its numbers become Python's own, which
    JSON can hold.
    """
    for field in fields(settings):
        value = getattr(settings, field.name)
        check_kind(field.name, value, field.type)
        if isinstance(value, Real) and type(value) not in (int, float, bool):
            plain = int(value) if isinstance(value, Integral) else float(value)
            object.__setattr__(settings, field.name, plain)  # frozen for all others


class TextError(MinigptError):
    """A text that cannot be used: empty, not UTF-8, too short, too long."""


class TokenizerError(MinigptError):
    """A tokenizer file, vocabulary size, token or id that is not valid."""


class SamplingError(MinigptError):
    """A temperature, top-k, top-p or length outside its range."""


class EmbeddingError(MinigptError):
    """Vectors that cannot be compared or projected, or a setting of that outside its range."""


class ChunkingError(MinigptError):
    """A chunking strategy, size, overlap or measure that cannot work."""


class CheckpointError(MinigptError):
    """A weight file that is missing, truncated, altered or not ours."""


class TrainingError(MinigptError):
    """Training cannot go on: its loss is no longer a number."""


class ServerError(MinigptError):
    """A request to the integration server that cannot be met: an unknown module or parameter, a
    value outside its bounds, or one too many of something."""
