"""The settings of the sample page: their bounds, how a link spells them, the questions it knows."""

from minigpt.chunking import STRATEGIES
from pages.settings import Knob, one_of, whole

SIZE = Knob('size', 240, 40, 1000, 10)
OVERLAP = Knob('overlap', 0, 0, 50, 5)  # percent of the size
STRATEGY = 'sentence'
LINKED = 2000  # characters of an own text, or of a question, that a link carries

# Question and the words of the shipped text that answer it; labels are in the locale files.
EXAMPLES = {
    'roda': ('Onde se formava a roda?', 'no pátio do mercado'),
    'menor': ('O que acontecia com quem humilhasse um menor?', 'varrer folhas até a noite cair'),
    'golpes': ('O que os alunos aprendiam antes dos golpes?', 'aprenderem a tocar'),
    'castigo': ('Que castigo recebia um valentão?', 'varrer folhas até a noite cair'),
}


def read_state(query: dict[str, str], opening: tuple[str, str]) -> dict:
    """The page's params from a link, `position` −1 where it has none that can be. `opening`: the
    first question and its answer.
    """
    question, answer = opening
    return {'size': SIZE.read(query), 'overlap': OVERLAP.read(query),
            'strategy': one_of(query, 'strategy', STRATEGIES, STRATEGY),
            'number': whole(query, 'part', range(1, 10 ** 7), 1),
            'question': query.get('q', question)[:LINKED],
            'answer': query.get('a', answer)[:LINKED],
            'position': whole(query, 'at', range(10 ** 7), -1)}


def write_state(page) -> dict[str, str]:
    """What `read_state` reads, without what is as at first."""
    state = {'size': SIZE.write(page.size), 'overlap': OVERLAP.write(page.overlap),
             'strategy': page.strategy, 'part': str(page.number), 'q': page.question,
             'a': page.answer, 'at': str(page.position)}
    question, answer = page.opening
    first = {'size': SIZE.write(SIZE.default), 'overlap': OVERLAP.write(OVERLAP.default),
             'strategy': STRATEGY, 'part': '1', 'q': question, 'a': answer,
             'at': str(len(page.text) // 2)}
    return {key: value for key, value in state.items() if value != first[key]}
