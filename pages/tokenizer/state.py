"""The tokenizer page's state in a link."""

from pages.locale import text
from pages.settings import one_of, whole
from pages.tokenizer.learning import SIZES
from pages.tokenizer.vocabulary_rows import COLUMNS

FIRST_TEXT, FIRST_WORD = text('pt')['tokenizer']['first']['text'], ' coração'
FIRST_SIZE = 1000
LINKED = 2_000  # characters of a text that a link can carry
MOST_MERGES = 1_000_000

FIRST = {'text': FIRST_TEXT, 'word': FIRST_WORD, 'special': 'text', 'search': '', 'sort': 'length',
         'order': 'down'}


def read_state(query: dict[str, str]) -> tuple[dict, int | None]:
    """The params that a link gives, and how many merges it wants applied; None for all."""
    return {
        'text': query.get('text', FIRST_TEXT), 'word': query.get('word', FIRST_WORD),
        'special': one_of(query, 'special', ('text', 'allow'), 'text'),
        'own': 'train' in query, 'size': whole(query, 'train', SIZES, FIRST_SIZE),
        'search': query.get('search', ''), 'sort': one_of(query, 'sort', COLUMNS, 'length'),
        'descending': one_of(query, 'order', ('down', 'up'), 'down') == 'down',
    }, whole(query, 'merges', range(MOST_MERGES), None)


def write_state(page) -> dict[str, str]:
    """What `read_state` reads, without what is as at first. A long text is left out."""
    state = {'word': page.word, 'special': page.special, 'search': page.search, 'sort': page.sort,
             'order': 'down' if page.descending else 'up'}
    if len(page.text) <= LINKED:
        state['text'] = page.text
    if page.wanted is not None and page.own:
        state['merges'] = str(page.wanted)
    elif page.merges != page.limit:
        state['merges'] = str(page.merges)
    if page.own:
        state['train'] = str(page.size)
    return {key: value for key, value in state.items() if FIRST.get(key) != value}
