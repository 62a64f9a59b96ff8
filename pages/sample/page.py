"""Sample: a text scanned before the reader's eyes, cut into chunks, and asked a question."""

import functools

import param

from minigpt.chunking import STRATEGIES, Chunk, chunk
from minigpt.chunking.source import Source
from minigpt.embeddings import cosine_similarity, mean_vector, retrieve
from minigpt.embeddings.retrieval import rarity
from pages import lab as labs
from pages.exercises import Exercise
from pages.lab import lab
from pages.page import Page
from pages.sample.answers import Answers, ask
from pages.sample.opening import opening
from pages.sample.scan import excerpts
from pages.sample.script import sample_script
from pages.sample.settings import LINKED, SIZE, STRATEGY, read_state, write_state
from pages.sample.tasks import both_found, reached_the_end, split_the_answer
from pages.sample.view import SampleView
from pages.tour import Stop


class Sample(Page):
    """An excerpt, how it is cut, how far the scanner is, and what is asked of the chunks."""

    number = param.Integer(default=1, doc='Which excerpt of the corpus, from 1.')
    strategy = param.Selector(default=STRATEGY, objects=list(STRATEGIES))
    size = param.Integer(default=SIZE.default, doc='The longest a chunk may be, in characters.')
    overlap = param.Integer(default=0, doc='What the next chunk repeats, in percent of the size.')
    position = param.Integer(default=-1, doc='Characters the scanner has passed.')
    question = param.String(default='')
    answer = param.String(default='', doc='Words of the text that answer it; may be empty.')

    section = 'sample'
    long_names = {'question': 'q', 'answer': 'a'}
    terms = ('chunk', 'sentence', 'boundary', 'overlap', 'strategy', 'density', 'bit', 'retrieval',
             'vector', 'cosine', 'ranking')
    exercises = (Exercise('end', check=reached_the_end), Exercise('split', check=split_the_answer),
                 Exercise('found', check=both_found))
    tour = (Stop('scanner', 'view.scanner'), Stop('question', 'view.fields'),
            Stop('lists', 'view.lists'), Stop('verdict', 'view.said'))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.given = ''  # a text that came in the link, shown instead of the corpus
        self.text = ''
        self.chunks: list[Chunk] = []
        self.answers: Answers | None = None
        self._restoring = False
        super().__init__(lang, query)
        self.param.watch(lambda *_: self._read(), 'number')
        self.param.watch(lambda *_: self._recut(), ['strategy', 'size', 'overlap'])
        self.param.watch(lambda *_: self._asked(), ['question', 'answer'])
        self.param.watch(lambda *_: self._moved(), 'position')

    @functools.cached_property
    def view(self) -> SampleView:
        return SampleView(self)

    @property
    def corpus(self) -> str:
        return self.given or lab().corpus

    @property
    def ours(self) -> bool:
        """Whether the text is the one that the questions of settings.py are about."""
        return self.corpus == labs.shipped_lab().corpus

    @property
    def opening(self) -> tuple[str, str]:
        """The first question to this text, and what answers it."""
        return opening(self.corpus)

    def restore(self, query: dict[str, str]) -> None:
        """The link's text, cut as the link says."""
        self.given = query.get('text', '')[:LINKED]
        state = read_state(query, self.opening)
        state['number'] = max(1, min(state['number'], len(excerpts(self.corpus))))
        self._restoring = True
        self.param.update(**state)
        self._restoring = False
        self._read(self.position)

    def lab_changed(self) -> None:
        """Another text or model: from its first excerpt; a question to another text is kept."""
        self.query = {key: value for key, value in self.query.items()
                      if key not in ('text', 'part', 'at')}
        super().lab_changed()

    def moment_changed(self) -> None:
        """Other vectors: the same chunks answer in another order."""
        self._asked()

    def _read(self, position: int = -1) -> None:
        """Take the excerpt, and put the scanner there, or half way."""
        if self._restoring:
            return
        parts = excerpts(self.corpus)
        self.text = parts[self.number - 1].text if parts else ''
        half, length = len(self.text) // 2, len(self.text)
        with param.discard_events(self):
            self.position = half if position < 0 else min(position, length)
        self._recut()

    def _recut(self) -> None:
        if self._restoring:
            return
        self.chunks = chunk(self.text, self.strategy, self.size, self.overlap / 100)
        self._asked()

    def _asked(self) -> None:
        if self._restoring:
            return
        self.answers = ask(self.question, self.answer, self.text, self.chunks, lab())
        if self.complete:
            self.paint()

    def _moved(self) -> None:
        """The scanner came to rest; the picture knows, only the link and the exercises do not."""
        if not self._restoring:
            self.view.scanner.position = self.position
            self._remember()

    def relabel(self) -> None:
        self.view.relabel()
        self.paint()

    def paint(self) -> None:
        self.view.paint()
        self._remember()

    def _remember(self) -> None:
        text = {'text': self.corpus} if not self.ours and 0 < len(self.corpus) <= LINKED else {}
        self.query = write_state(self) | text
        self.frame.check()

    def sources(self) -> list:
        return [chunk, STRATEGIES[self.strategy], Source.bits_before, retrieve, mean_vector,
                cosine_similarity, rarity]

    def script(self) -> str:
        return sample_script(self)

    def body(self):
        return self.view.layout()
