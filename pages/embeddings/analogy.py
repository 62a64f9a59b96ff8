"""a − b + c = ? Answered by the model's own vectors, and judged."""

import numpy as np
import param

from minigpt.embeddings import Analogy, analogy, cosine_similarity, token_table
from minigpt.errors import MinigptError
from minigpt.locale import decimal
from pages.components.ranking import Ranking
from pages.components.said import Said
from pages.components.word_fields import WordFields
from pages.embeddings.compare import pieces
from pages.embeddings.words import Word, read_word
from pages.lab import lab, visible
from pages.layout import beside, stack
from pages.part import Part

# The famous one first; the others, this model knows in part.
EXAMPLES = (('rei', 'homem', 'mulher', 'rainha'), ('pai', 'homem', 'mulher', 'mãe'),
            ('no', 'o', 'a', 'na'), ('disse', 'ficou', 'fica', 'diz'))
FIELDS = ('a', 'b', 'c', 'expected')
SIGNS = {'a': '', 'b': '−', 'c': '+', 'expected': '='}
SHOWN = 10


class AnalogyPart(Part):
    """Four words; the last is the answer one has in mind."""

    typed = param.Tuple(default=EXAMPLES[0], length=4)

    section = 'analogy'

    def __init__(self, page):
        self.given: dict[str, Word] = {}
        self.errors: dict[str, MinigptError] = {}
        self.result: Analogy | None = None
        super().__init__(page)
        self.head, self.said = Said(), Said()
        self.fields = WordFields(lambda values: self.param.update(
            typed=tuple(values[name] for name in FIELDS)))
        self.answers = Ranking(page.map.choose, hue='key')
        self.param.watch(lambda *_: page.paint(self), 'typed')

    def restore(self, query: dict[str, str]) -> None:
        with param.discard_events(self):
            self.typed = tuple(query.get(f'an{i}', word) for i, word in enumerate(EXAMPLES[0]))

    def state(self) -> dict[str, str]:
        return {f'an{i}': word for i, (word, first)
                in enumerate(zip(self.typed, EXAMPLES[0], strict=True)) if word != first}

    def compute(self) -> None:
        """The four words and the answer, or what is wrong with them."""
        self.given, self.errors, self.result = {}, {}, None
        for name, typed in zip(FIELDS, self.typed, strict=True):
            try:
                self.given[name] = read_word(typed)
            except MinigptError as error:
                self.errors[name] = error
        if self.errors:
            return
        a, b, c, expected = (self.given[name].ids for name in FIELDS)
        try:
            self.result = analogy(token_table(lab().model), a, b, c, expected=expected, count=SHOWN)
        except MinigptError as error:  # a − b + c of length 0 has no direction
            self.errors['expected'] = error

    def rank_without_sum(self) -> int:
        """Where the expected word stands by its cosine with `a` alone, b and c left out as well."""
        table = token_table(lab().model)
        a, expected = self.given['a'].vector(table), self.given['expected']
        rivals = np.ones(len(table), bool)
        rivals[[i for word in self.given.values() for i in word.ids]] = False
        reached = cosine_similarity(expected.vector(table), a)
        return 1 + int(np.count_nonzero(cosine_similarity(table, a)[rivals] > reached))

    @property
    def expected_is_given(self) -> bool:
        return self.given['expected'] in [self.given[name] for name in 'abc']

    def paint(self) -> None:
        self.compute()
        words = self.words
        self.fields.fields = [
            {'id': name, 'label': words['fields'][name], 'value': typed, 'before': SIGNS[name],
             'error': self.sentence(self.errors.get(name)),
             'note': pieces(self.page, self.given[name]) if name in self.given else ''}
            for name, typed in zip(FIELDS, self.typed, strict=True)]
        if self.result is None:
            self.said.paragraphs, self.answers.rows = [], []
            return
        self.said.paragraphs = self._verdict()
        self.answers.param.update(title=words['answers'].format(**self._labels()),
                                  rows=self._rows())

    def _labels(self) -> dict[str, str]:
        return {name: word.plain for name, word in self.given.items()}

    def _verdict(self) -> list[str]:
        words, page, rank = self.words, self.page, self.result.expected_rank
        blanks = self._labels() | {
            'rank': decimal(rank, 0, page.lang), 'alone': self.rank_without_sum(),
            'all': decimal(lab().model.config.vocab_size, 0, page.lang),
            'best': visible(self.result.answers[0].index) if self.result.answers else '–',
            'cosine': page.number(self.result.expected_similarity, 3)}
        if self.expected_is_given:
            return [words['given'].format(**blanks)]
        kind = 'right' if rank == 1 else 'near' if rank <= SHOWN else 'wrong'
        said = [words[kind].format(**blanks), words['alone'].format(**blanks)]
        if any(len(word.ids) > 1 for word in self.given.values()):
            said.append(words['several'])
        return [*said, words['small']]

    def _rows(self) -> list[dict]:
        words, page = self.words, self.page
        expected = self.given['expected'].ids
        return [{'id': it.index, 'rank': rank, 'label': visible(it.index),
                 'exact': it.similarity, 'value': page.number(it.similarity, 3),
                 'part': it.similarity, 'mark': words['mark'] if (it.index,) == expected else '',
                 'about': words['about'].format(**self._labels(), token=visible(it.index),
                                                cosine=page.number(it.similarity, 3))}
                for rank, it in enumerate(self.result.answers, 1)]

    def relabel(self) -> None:
        self.head.param.update(title=self.words['title'], paragraphs=[self.words['lead']])
        self.fields.param.update(words={'examples': self.words['examples']}, examples=[
            {'label': '{} − {} + {}'.format(*words),
             'values': dict(zip(FIELDS, words, strict=True))} for words in EXAMPLES])
        self.answers.locale = self.tag

    def layout(self):
        return stack(self.head, beside('minmax(0, 7fr) minmax(0, 5fr)',
                                       stack(self.fields, self.said), self.answers))

    def sources(self) -> list:
        return [analogy]

    def script(self) -> list[str]:
        if self.result is None:
            return []
        a, b, c, expected = (list(self.given[name].ids) for name in FIELDS)
        return ['', '# The analogy', f'found = analogy(table, {a}, {b}, {c}, expected={expected}, '
                f'count={SHOWN})', "print('rank of the expected word', found.expected_rank)",
                'for it in found.answers:',
                '    print(it.index, repr(lab.tokenizer.decode([it.index])), it.similarity)']
