"""Fill the blanks of a sentence, writing numbers as the reader's language does.

    {loss:.3f}   three digits behind the decimal sign: 2,503 in Portuguese, 2.503 in English
    {steps:,}    thousands apart: 1.000 in Portuguese, 1,000 in English
"""

import string
from collections.abc import Mapping


class LocalNumbers(string.Formatter):
    """str.format whose numbers with a format are local; all else is as ever."""

    def __init__(self, lang: str):
        self._lang = lang

    def format_field(self, value, spec: str) -> str:
        text = format(value, spec)
        if spec and self._lang == 'pt' and not isinstance(value, str):
            return text.translate(str.maketrans(',.', '.,'))
        return text


def filled(text: str, values: Mapping[str, object], lang: str) -> str:
    """The text with its {blanks} filled.

    >>> filled('perda {loss:.2f}', {'loss': 1.5}, 'pt')
    'perda 1,50'
    """
    return LocalNumbers(lang).vformat(text, (), values)
