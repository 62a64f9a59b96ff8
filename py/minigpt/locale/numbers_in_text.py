"""Fill the blanks of a sentence, writing numbers as the reader's language does.

    {loss:.3f}   three digits behind the decimal sign: 2,503 in Portuguese, 2.503 in English
    {steps:,}    thousands apart: 1.000 in Portuguese, 1,000 in English
    {error:.1e}  a power of ten: 9·10⁻⁹
    {steps:?step|steps}   one word or the other: the first where the number is 1

A number with a format that is not known, None, is a dash.
"""

import string
from collections.abc import Mapping

from minigpt.locale.powers import powers_of_ten


class LocalNumbers(string.Formatter):
    """str.format whose numbers with a format are local, and that knows one from many; all else is
    as ever."""

    def __init__(self, lang: str):
        self._lang = lang

    def format_field(self, value, spec: str) -> str:
        if spec.startswith('?'):
            one, _, many = spec[1:].partition('|')
            return one if str(value) == '1' else many
        if value is None and spec:
            return '–'
        text = format(value, spec)
        if not spec or isinstance(value, str):
            return text
        text = powers_of_ten(text)
        return text.translate(str.maketrans(',.', '.,')) if self._lang == 'pt' else text


def filled(text: str, values: Mapping[str, object], lang: str) -> str:
    """The text with its {blanks} filled.

    >>> filled('perda {loss:.2f}', {'loss': 1.5}, 'pt')
    'perda 1,50'
    """
    return LocalNumbers(lang).vformat(text, (), values)
