"""Sentences for readers, in Portuguese (pt) and English (en).

`en.json` and `pt.json` hold the same keys, nested by topic; blanks are `str.format` fields.
"""

import functools
import json
import os
from pathlib import Path

from minigpt.locale.numbers_in_text import filled
from minigpt.locale.powers import powers_of_ten

LANGUAGES = ('pt', 'en')


@functools.cache
def catalogue(lang: str) -> dict:
    """All sentences of one language, as nested dictionaries."""
    return json.loads((Path(__file__).parent / f'{lang}.json').read_text(encoding='utf-8'))


def sentence(lang: str, key: str, **values) -> str:
    """The sentence under a dotted key, its blanks filled: sentence('en', 'errors.empty_text')."""
    return filled(template(lang, key), values, lang)


def template(lang: str, key: str) -> str:
    """The sentence under a dotted key, its blanks still open."""
    found = catalogue(lang)
    for part in key.split('.'):
        found = found[part]
    return found


def named(word: str, lang: str) -> str:
    """What the language calls a thing that the code has an English name for: 'held out'; any other
    word as it is."""
    return template(lang, 'teach.names').get(word, word)


def preferred_language() -> str:
    """'en' where the environment (MINIGPT_LANG, LC_ALL, LANG…) asks for English, else 'pt'."""
    for name in ('MINIGPT_LANG', 'LC_ALL', 'LC_MESSAGES', 'LANG'):
        value = os.environ.get(name, '')
        if value and not value.startswith(('C', 'POSIX')):
            return 'en' if value.startswith('en') else 'pt'
    return 'pt'


def decimal(value: float | None, digits: int, lang: str) -> str:
    """A number as the language writes it: 1,50 in Portuguese, 1.50 in English; None is a dash."""
    if value is None:
        return '–'
    text = f'{value:z,.{digits}f}'  # z: no minus before a number that is rounded to 0
    return text.translate(str.maketrans(',.', '.,')) if lang == 'pt' else text


def scientific(value: float, digits: int, lang: str) -> str:
    """A factor of at most so many digits behind its decimal sign, and a power of ten: 1,5·10⁻⁹."""
    text = powers_of_ten(f'{value:.{digits}e}')
    return text.replace('.', ',') if lang == 'pt' else text
