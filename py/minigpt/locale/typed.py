"""Numbers as people type them: 0,5 and 0.5, 12%, −3, 131.712 and 131,712."""

import math
import re

# Thousands set apart, by one sign throughout; then, behind another one, decimals.
THOUSANDS = re.compile(r'-?\d{1,3}(?P<apart>[., \u00a0\u202f])\d{3}(?:(?P=apart)\d{3})*'
                       r'(?:(?!(?P=apart))[.,]\d+)?')


def readings(text: str) -> list[float]:
    """What a typed number may mean: a point or comma stands before decimals or between thousands.

    Empty for what is no number. Around it may stand % or ×.

    >>> readings('0,5'), readings('131.712'), readings('1.234,5'), readings('muito')
    ([0.5], [131.712, 131712.0], [1234.5], [])
    """
    written = text.strip().strip('%×x ').replace('−', '-')
    spellings = [written]
    if found := THOUSANDS.fullmatch(written):
        spellings.append(written.replace(found['apart'], ''))
    return [value for it in spellings if not math.isnan(value := _number(it.replace(',', '.')))]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
