"""Letters for terminals that lack them: 'ação' as 'acao', bars as '#', instead of '?'.

Registered as an encoding error handler, so it acts exactly where a stream cannot encode.
"""

import codecs
import unicodedata

STAND_INS = {'█': '#', '▓': '%', '▒': '+', '░': '.', '▏': ' ', '▎': '.', '▍': ':', '▌': '-',
             '▋': '=', '▊': '+', '▉': '#', '▁': '_', '▂': '.', '▃': '-', '▄': '=', '▅': '+',
             '▆': '*', '▇': '%', '·': '.', '⏎': '\\n', '→': '->', '←': '<-', '×': 'x', '–': '-',
             '—': '-', '−': '-', '…': '...', '“': '"', '”': '"', '’': "'", '‘': "'", '│': '|',
             '─': '-', '━': '-', '•': '*', '√': 'sqrt', 'Σ': 'sum', '≈': '~', '≤': '<=',
             '≥': '>=', '✓': 'ok', '✗': 'x', '▸': '>', '∞': 'inf', 'π': 'pi', 'σ': 'sigma'}
NAME = 'minigpt-letters'


def stand_in(letter: str) -> str:
    """The nearest that ASCII has: a sign for a sign, a letter without its accent, else '?'."""
    if letter in STAND_INS:
        return STAND_INS[letter]
    return unicodedata.normalize('NFKD', letter).encode('ascii', 'ignore').decode() or '?'


def handler(error: UnicodeError) -> tuple[str, int]:
    missing = error.object[error.start:error.end]
    return ''.join(map(stand_in, missing)), error.end


codecs.register_error(NAME, handler)
