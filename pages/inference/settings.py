"""Numbers in a link: how they are read, and the knobs of the inference page."""

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


KNOBS = {
    'temperature': Knob('t', 0.8, 0, 2, 0.05, digits=2),
    'top_k': Knob('k', 10, 1, 1000, 1, switchable=True),
    'top_p': Knob('p', 0.9, 0.01, 1, 0.01, digits=2, switchable=True),
    'seed': Knob('seed', 7, 0, 9999, 1),
    'length': Knob('n', 40, 1, 200, 1),
}


def read_picks(text: str | None, vocab_size: int) -> dict[int, int]:
    """The reader's choices in a link, `index.token` joined by `-`: "3.412-9.77"."""
    picks = {}
    for pair in (text or '').split('-'):
        index, _, token_id = pair.partition('.')
        place = whole(index, range(KNOBS['length'].end), None)
        token = whole(token_id, range(vocab_size), None)
        if place is not None and token is not None:
            picks[place] = token
    return picks


def write_picks(picks: dict[int, int]) -> str:
    return '-'.join(f'{index}.{token_id}' for index, token_id in picks.items())
