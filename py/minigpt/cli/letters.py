"""Letters for terminals that lack them: 'ação' as 'acao', bars as '#', instead of '?'.

Registered as an encoding error handler, so it acts exactly where a stream cannot encode.
"""

import codecs
import re
import unicodedata

STAND_INS = {'█': '#', '▓': '%', '▒': '+', '░': '.', '▏': ' ', '▎': '.', '▍': ':', '▌': '-',
             '▋': '=', '▊': '+', '▉': '#', '▁': '_', '▂': '.', '▃': '-', '▄': '=', '▅': '+',
             '▆': '*', '▇': '%', '·': '.', '⏎': '\\n', '→': '->', '←': '<-', '×': 'x', '–': '-',
             '—': '-', '−': '-', '…': '...', '“': '"', '”': '"', '’': "'", '‘': "'", '│': '|',
             '─': '-', '━': '-', '•': '*', '√': 'sqrt', 'Σ': 'sum', '≈': '~', '≤': '<=',
             '≥': '>=', '✓': 'ok', '✗': 'x', '▸': '>', '∞': 'inf', 'π': 'pi', 'σ': 'sigma',
             '⁻': '-'}
FACTOR, POWER = re.compile(r'\d$'), re.compile('10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]')
RAISED = re.compile('⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+')
NAME = 'minigpt-letters'


def stand_in(letter: str) -> str:
    """The nearest that ASCII has: a sign for a sign, a letter without its accent, else '?'."""
    if letter in STAND_INS:
        return STAND_INS[letter]
    return unicodedata.normalize('NFKD', letter).encode('ascii', 'ignore').decode() or '?'


def handler(error: UnicodeError) -> tuple[str, int]:
    missing = error.object[error.start:error.end]
    if missing == '·' and FACTOR.search(error.object, 0, error.start) and POWER.match(
            error.object, error.end):
        return ' x ', error.end
    raised = RAISED.sub(lambda power: f'^{power[0]}', missing)
    return ''.join(letter if letter == '^' else stand_in(letter) for letter in raised), error.end


codecs.register_error(NAME, handler)
