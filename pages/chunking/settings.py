"""The settings of the chunking page: their bounds, and how a link spells them."""

from minigpt.chunking import STRATEGIES
from pages.chunking.cutting import AMOUNTS
from pages.settings import Knob, each, one_of, whole

SIZES = {'characters': Knob('size', 300, 20, 2000, 10), 'tokens': Knob('size', 80, 5, 500, 5)}
OVERLAP = Knob('overlap', 10, 0, 75, 5)
PLACES = range(10 ** 8)  # more than any text has characters or chunks
PRESERVED = {'s': 'sentences', 'p': 'paragraphs'}
# Strategies that end chunks at sentences whether they are asked to or not.
BY_SENTENCES = ('sentence', 'semantic', 'adaptive')


def read_state(query: dict[str, str], amount: int) -> dict:
    """The page's params from a link; what it does not say, or says wrongly, is as at first."""
    unit = one_of(query, 'unit', SIZES, 'characters')
    kept = each(query, 'keep', query.get('keep', ''), PRESERVED.get)
    return {'unit': unit, 'size': SIZES[unit].read(query),
            'overlap': OVERLAP.read(query),
            'strategy': one_of(query, 'strategy', STRATEGIES, 'fixed'),
            'other': one_of(query, 'with', STRATEGIES, ''),
            'preserve': [it for it in PRESERVED.values() if it in kept],
            'amount': int(one_of(query, 'amount', [*map(str, (0, *AMOUNTS))], str(amount))),
            'at': whole(query, 'at', PLACES, 0),
            'pinned': whole(query, 'chunk', PLACES, 0) - 1}


def write_state(page, amount: int) -> dict[str, str]:
    """What `read_state` reads, without what is as at first."""
    size = SIZES[page.unit]
    state = {'unit': page.unit, 'size': size.write(page.size), 'at': str(page.at),
             'overlap': OVERLAP.write(page.overlap), 'strategy': page.strategy, 'with': page.other,
             'keep': ''.join(key for key, name in PRESERVED.items() if name in page.preserve),
             'amount': str(page.amount), 'chunk': str(page.pinned + 1)}
    first = {'unit': 'characters', 'size': size.write(size.default), 'overlap': '10', 'at': '0',
             'strategy': 'fixed', 'with': '', 'keep': '', 'amount': str(amount), 'chunk': '0'}
    return {key: value for key, value in state.items() if first[key] != value}
