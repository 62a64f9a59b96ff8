"""What a link gives: numbers and choices, how they are read and written, and what was not taken."""

from collections.abc import Iterable
from dataclasses import dataclass


class Link(dict[str, str]):
    """A link's texts by their names; `refused` gets, by name, what is used instead of each that
    could not be taken: as a link spells it, or empty where no one value is.
    """

    def __init__(self, query: dict[str, str]):
        super().__init__(query)
        self.refused: dict[str, str] = {}


def taken(query: dict[str, str], key: str, value, default, written: str):
    """The value read, or the default where it is None: then a `Link` notes it, if it gave any."""
    if value is None:
        if query.get(key) and isinstance(query, Link):
            query.refused[key] = written
        return default
    return value


@dataclass(frozen=True)
class Knob:
    """A number with its bounds. `digits` after the decimal point; `key` is its name in a link."""
    key: str
    default: float
    start: float
    end: float
    step: float
    digits: int = 0
    switchable: bool = False  # can be off: no cut

    def read(self, query: dict[str, str]) -> float:
        """The number a link gives, or the default where it gives none that fits."""
        if self.switchable and query.get(self.key) == 'off':
            return self.default
        return taken(query, self.key, self._fitting(query.get(self.key)), self.default,
                     self.write(self.default))

    def _fitting(self, text: str | None) -> float | None:
        try:
            value = float(text)
        except (TypeError, ValueError):
            return None
        if not self.start <= value <= self.end:
            return None
        return round(value, self.digits) if self.digits else int(value)

    def write(self, value: float) -> str:
        return f'{value:.{self.digits}f}' if self.digits else str(int(value))


def whole(query: dict[str, str], key: str, allowed: range, default: int | None) -> int | None:
    """The whole number a link gives, or the default where it gives none that is allowed.

    A default that is not allowed itself, like −1, stands for what the page chooses.
    """
    return taken(query, key, piece(query.get(key), allowed), default,
                 str(default) if default in allowed else '')


def piece(text: str | None, allowed: range) -> int | None:
    """A whole number that is a part of what a link gives; None where it is none that is allowed."""
    fits = text and text.isascii() and text.isdecimal() and len(text) < 9 and int(text) in allowed
    return int(text) if fits else None


def one_of(query: dict[str, str], key: str, allowed: Iterable[str], default: str) -> str:
    """The choice a link gives, or the default where it is none of those allowed."""
    text = query.get(key)
    return taken(query, key, text if text in allowed else None, default, default)
