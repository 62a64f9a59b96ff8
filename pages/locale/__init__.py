"""The words of the pages, in Portuguese (pt) and English (en).

`pt.json` and `en.json` hold the same keys; blanks are `str.format` fields, filled by the page or
by the component that shows them. The static parts of the HTML are made from the same files.
"""

import functools
import json
from pathlib import Path

LANGUAGES = ('pt', 'en')


@functools.cache
def text(lang: str) -> dict:
    """All words of one language, as nested dictionaries."""
    if lang not in LANGUAGES:
        raise ValueError(f'lang must be one of {", ".join(LANGUAGES)}, got {lang!r}')
    return json.loads((Path(__file__).parent / f'{lang}.json').read_text(encoding='utf-8'))
