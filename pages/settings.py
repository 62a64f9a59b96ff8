"""Numbers in a link: how they are read and written."""

from dataclasses import dataclass


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

    def read(self, text: str | None) -> float:
        """The number a link gives, or the default where it gives none that fits."""
        try:
            value = float(text)
        except (TypeError, ValueError):
            return self.default
        if not self.start <= value <= self.end:
            return self.default
        return round(value, self.digits) if self.digits else int(value)

    def write(self, value: float) -> str:
        return f'{value:.{self.digits}f}' if self.digits else str(int(value))


def whole(text: str | None, allowed: range, default: int | None) -> int | None:
    """The whole number a link gives, or the default where it gives none that is allowed."""
    fits = text and text.isascii() and text.isdecimal() and len(text) < 9 and int(text) in allowed
    return int(text) if fits else default
