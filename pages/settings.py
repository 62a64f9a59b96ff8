"""What a link gives: numbers and choices, how they are read and written, and what was not taken."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

# What a link to any page may carry besides its state: the integration server's token, and what
# networks and mailers add to the links that they pass on.
OF_ANY_PAGE = re.compile(r'token|utm_[a-z_]+|[a-z]{1,3}clid|igsh(id)?|mc_[ce]id')
LONGEST = 40  # characters of a name or a value that are looked at where it is told


class Link(dict[str, str]):
    """A link's texts by their names, and what became of them.

    `refused` gets, by name, what is used instead of each that could not be taken: as a link spells
    it, or empty where no one value is. `odd` gets, by name, the entries of a list that could not.
    `known`: the names that the page asked for, whether the link gives them or not.
    """

    def __init__(self, query: dict[str, str]):
        super().__init__(query)
        self.refused: dict[str, str] = {}
        self.odd: dict[str, list[str]] = {}
        self.known: set[str] = set()

    def get(self, key: str, default=None):
        self.known.add(key)
        return super().get(key, default)

    def __contains__(self, key: str) -> bool:
        self.known.add(key)
        return super().__contains__(key)

    @property
    def unknown(self) -> list[str]:
        """The names it gives that nobody asked for."""
        return [it for it in self if it not in self.known and not OF_ANY_PAGE.fullmatch(it)]

    def meant_by(self, name: str, long_names: dict[str, str]) -> str:
        """The name that an unknown one was perhaps to be, '' where none is close. `long_names`:
        what the page calls that which a link shortens, and the names in the link.
        """
        ways = {it.lower(): key for it, key in long_names.items()} | {
            it.lower(): it for it in self.known}
        ways = {way: key for way, key in ways.items() if key not in self.keys()}
        found = get_close_matches(name[:LONGEST].lower(), ways, n=1)
        return ways[found[0]] if found else ''


def taken(query: dict[str, str], key: str, value, default, written: str):
    """The value read, or the default where it is None: then a `Link` notes it, if it gave any."""
    if value is None:
        if query.get(key) and isinstance(query, Link):
            query.refused[key] = written
        return default
    return value


def each(query: dict[str, str], key: str, pieces: Iterable[str], read: Callable) -> list:
    """What `read` makes of the pieces of a list in a link, without those of which it makes None: a
    `Link` notes them. Empty pieces are none.
    """
    found = []
    for text in filter(None, pieces):
        value = read(text)
        if value is not None:
            found.append(value)
        elif isinstance(query, Link):
            query.odd.setdefault(key, []).append(text)
    return found


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
