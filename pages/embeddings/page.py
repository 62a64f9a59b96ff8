"""Embeddings: a token is a list of numbers, and numbers can be near or far."""

from minigpt.locale import decimal
from pages.embeddings.analogy import AnalogyPart
from pages.embeddings.compare import ComparePart
from pages.embeddings.context import ContextPart
from pages.embeddings.map import MapPart
from pages.embeddings.script import IMPORTS
from pages.embeddings.tasks import bettered_analogy, found_the_word, like_pair, word_to_find
from pages.exercises import Exercise
from pages.layout import stack
from pages.own_text import OwnText
from pages.page import Page
from pages.part import Part
from pages.tour import Stop
from pages.work import Work

LONGEST = 2000  # characters of a text that a link carries


class Embeddings(Page):
    """A map of the model's token vectors, and what one can ask of them."""

    section = 'embeddings'
    long_names = {'word': 'w', 'count': 'n', 'perplexity': 'px', 'other': 'b', 'a': 'an0',
                  'minus': 'an1', 'plus': 'an2', 'expected': 'an3', 'first': 's1', 'second': 's2',
                  'token': 'tk'}
    terms = ('token', 'embedding', 'vector', 'cosine', 'dot_product', 'pca', 'variance', 'tsne',
             'perplexity_tsne', 'kl_divergence', 'nat', 'analogy', 'contextual', 'loss')
    exercises = (Exercise('find', check=found_the_word, word=word_to_find),
                 Exercise('pair', check=like_pair), Exercise('analogy', check=bettered_analogy))
    tour = (Stop('map', 'map.view.map'), Stop('near', 'map.view.list'),
            Stop('numbers', 'compare.strip'), Stop('arithmetic', 'analogy.fields'),
            Stop('context', 'context.layers'))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.work = Work(self._moving, self.broke)
        self.map = MapPart(self)
        self.compare, self.analogy = ComparePart(self), AnalogyPart(self)
        self.context = ContextPart(self)
        super().__init__(lang, query)

    @property
    def parts(self) -> list[Part]:
        """In the order of the screen."""
        return [self.map, self.compare, self.analogy, self.context]

    def restore(self, query: dict[str, str]) -> None:
        self.work.stop()
        for it in self.parts:
            it.restore(query)

    def start(self) -> None:
        """Let move what moves: t-SNE, or a model in training."""
        self.map.move()

    def moment_changed(self) -> None:
        """The same words under other vectors; a map in motion keeps the directions of its axes."""
        self.work.stop()
        self.map.revive()
        self.relabel()
        self.map.move()

    def state(self) -> dict[str, str]:
        return {key: value for it in self.parts for key, value in it.state().items()
                if len(value) <= LONGEST}

    def relabel(self) -> None:
        for it in self.parts:
            it.relabel()
        self.paint()

    def paint(self, *parts: Part) -> None:
        """These parts, or all."""
        for it in parts or self.parts:
            it.paint()
        if not self.work.running:
            self.query = self.state()
            self.frame.check()

    def _moving(self) -> None:
        self.paint(self.map)

    def number(self, value: float, digits: int) -> str:
        """As the page's language writes it, with a true minus sign."""
        return decimal(float(value), digits, self.lang).replace('-', '−')

    def sources(self) -> list:
        """What of minigpt computed the screen, none twice."""
        return list(dict.fromkeys(source for it in self.parts for source in it.sources()))

    def script(self) -> str:
        """Python that prints the page's numbers again; `load_lab` is at its head."""
        return '\n'.join([IMPORTS, *(line for it in self.parts for line in it.script()), ''])

    def body(self):
        first, *others = (it.layout() for it in self.parts)
        return stack(first, OwnText(self), *others)
