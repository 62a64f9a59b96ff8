"""Two words beside each other: how similar they are, and every number of both vectors."""

import numpy as np
import param

from minigpt.embeddings import cosine_similarity, dot_similarity, mean_vector, token_table
from minigpt.errors import MinigptError
from minigpt.locale import decimal
from pages.asked_word import asked_word
from pages.components.heat_strip import HeatStrip
from pages.components.said import Said
from pages.components.word_fields import WordFields
from pages.embeddings.map import first_word
from pages.embeddings.words import Word, read_word
from pages.lab import lab
from pages.layout import beside, stack
from pages.part import Part


def second_word() -> str:
    """The one beside the map's at first: ours, or another one of the reader's own text."""
    return asked_word('perguntou', known=first_word()) or 'perguntou'


class ComparePart(Part):
    """The word chosen on the map, and another one."""

    typed = param.String()

    section = 'compare'

    def __init__(self, page):
        self.errors: dict[str, MinigptError] = {}
        self.other: Word | None = None
        super().__init__(page)
        self.head, self.said, self.strip = Said(), Said(), HeatStrip()
        self.fields = WordFields(self.take)
        self.param.watch(lambda *_: page.paint(self), 'typed')

    def restore(self, query: dict[str, str]) -> None:
        with param.discard_events(self):
            self.typed = query.get('b', second_word())

    def state(self) -> dict[str, str]:
        return {} if self.typed == second_word() else {'b': self.typed}

    def take(self, values: dict[str, str]) -> None:
        """What stands in the fields: the first word is also the one chosen on the map."""
        self.errors.pop('a', None)
        if values['a'] != self.page.map.chosen.plain:
            try:
                self.page.map.chosen = read_word(values['a'])
            except MinigptError as error:
                self.errors['a'] = error
        self.typed = values['b']
        self.page.paint(self)

    @property
    def vectors(self) -> tuple[np.ndarray, np.ndarray]:
        """Both from the lab's model."""
        table = token_table(lab().model)
        return self.page.map.chosen.vector(table), self.other.vector(table)

    @property
    def cosine(self) -> float:
        return float(cosine_similarity(*self.vectors))

    def rank(self) -> int:
        """The other word's place among all tokens by their cosine with the first; 1 is the best."""
        table, one = token_table(lab().model), self.page.map.chosen
        cosines = cosine_similarity(table, self.vectors[0])
        rivals = np.ones(len(table), bool)
        rivals[[*one.ids, *self.other.ids]] = False
        return 1 + int(np.count_nonzero(cosines[rivals] > self.cosine))

    def paint(self) -> None:
        self.errors.pop('b', None)
        try:
            self.other = read_word(self.typed)
        except MinigptError as error:
            self.errors['b'], self.other = error, None
        words = self.words
        self.fields.fields = [
            {'id': name, 'label': words[name], 'value': value,
             'error': self.sentence(self.errors.get(name)),
             'note': '' if word is None else pieces(self.page, word)}
            for name, value, word in (('a', self.page.map.chosen.plain, self.page.map.chosen),
                                      ('b', self.typed, self.other))]
        if self.other is None:
            self.said.paragraphs, self.strip.vectors = [], []
            return
        try:
            self._paint_numbers()
        except MinigptError as error:  # a vector of length 0 has no direction
            self.said.paragraphs = [self.sentence(error)]

    def _paint_numbers(self) -> None:
        page, one, other = self.page, self.page.map.chosen, self.other
        first, second = self.vectors
        blanks = {'a': one.plain, 'b': other.plain, 'cosine': page.number(self.cosine, 3),
                  'dot': page.number(dot_similarity(first, second), 3),
                  'a_length': page.number(np.linalg.norm(first), 3),
                  'b_length': page.number(np.linalg.norm(second), 3), 'width': len(first),
                  'rank': self.rank(), 'all': decimal(lab().model.config.vocab_size, 0, page.lang)}
        self.said.paragraphs = [
            page.words['formula'][name].format(**blanks, value=blanks[name])
            for name in ('cosine', 'dot')] + (
                [self.words['same']] if one == other else
                [self.words['rank'].format(**blanks), self.words[self._kind()]])
        product, largest = first * second, float(max(np.abs(first).max(), np.abs(second).max()))
        rows = [(one.plain, first, largest), (other.plain, second, largest),
                (self.words['product'], product, float(np.abs(product).max()))]
        self.strip.param.update(
            title=self.words['strip'].format(**blanks),
            vectors=[{'name': name, 'values': np.round(row.astype(float), 6).tolist(),
                      'bound': bound} for name, row, bound in rows])

    def _kind(self) -> str:
        return ('opposite' if self.cosine < -0.1 else 'none' if self.cosine < 0.15 else
                'some' if self.cosine < 0.4 else 'much')

    def relabel(self) -> None:
        self.head.param.update(title=self.words['title'], paragraphs=[self.words['lead']])
        self.fields.words = {'examples': ''}
        self.strip.param.update(words=self.words['heat'], locale=self.tag)

    def layout(self):
        return stack(self.head, beside('minmax(0, 5fr) minmax(0, 7fr)', self.fields, self.said),
                     self.strip)

    def sources(self) -> list:
        return [cosine_similarity, dot_similarity, mean_vector]

    def script(self) -> list[str]:
        if self.other is None:
            return []
        return ['', '# Two words', f'other = {list(self.other.ids)}',
                'a, b = mean_vector(table, word), mean_vector(table, other)',
                "print('cosine', cosine_similarity(a, b), 'dot', dot_similarity(a, b))"]


def pieces(page, word: Word) -> str:
    """How many tokens a word is, and that several count as their mean."""
    words = page.words['pieces']
    if len(word.ids) == 1:
        return words['one'].format(id=word.ids[0])
    return words['several'].format(count=len(word.ids), pieces=word.label)
