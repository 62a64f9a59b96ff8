"""The same token in two sentences: one vector in the table, two inside the model."""

import param

import numpy as np

from minigpt.embeddings import cosine_similarity, states_by_depth
from minigpt.errors import MinigptError, TextError
from pages.components.ranking import Ranking
from pages.components.said import Said
from pages.components.segments import Segments
from pages.components.word_fields import WordFields
from pages.first_text import fitted
from pages.lab import lab, visible
from pages.layout import beside, show, stack
from pages.part import Part
from pages.settings import whole

SENTENCES = ('O menino pulou no rio e nadou', 'Quando ele conta isso, eu rio muito')
FIELDS = ('first', 'second')
MOST_COMMON = 6  # tokens to choose from


class ContextPart(Part):
    """Two sentences, and a token that both have."""

    typed = param.Tuple(default=SENTENCES, length=2)
    token = param.Integer(default=-1, doc='Id of the token followed.')

    section = 'context'

    def __init__(self, page):
        self.error: MinigptError | None = None
        self.wrong = ''          # the field that the error is about
        self.offered = SENTENCES  # as far as they fit into the context of the model in use
        self.common: list[int] = []
        self.cosines: list[float] = []
        super().__init__(page)
        self.head, self.said, self.choice = Said(), Said(), Segments()
        self.fields = WordFields(lambda values: self.param.update(
            typed=tuple(values[it] for it in FIELDS)), wide=True)
        self.layers = Ranking(hue='value')
        self.choice.param.watch(lambda event: self.param.update(token=int(event.new or -1)),
                                'value')
        self.param.watch(lambda *_: page.paint(self), ['typed', 'token'])

    def restore(self, query: dict[str, str]) -> None:
        token = whole(query, 'tk', range(lab().model.config.vocab_size), -1)
        with param.discard_events(self):
            self.param.update(typed=(query.get('s1', self.offered[0]),
                                     query.get('s2', self.offered[1])), token=token)

    def state(self) -> dict[str, str]:
        state = {'s1': self.typed[0], 's2': self.typed[1]}
        state = {key: value for (key, value), ours in zip(state.items(), self.offered, strict=True)
                 if value != ours}
        if self.common and self.token != self.common[0]:
            state['tk'] = str(self.token)
        return state

    def compute(self) -> None:
        """The common tokens, and the cosine of the followed one's two vectors at each depth."""
        self.error, self.cosines, self.common = None, [], []
        self._offer()
        try:
            ids = [lab().tokenizer.encode(sentence) for sentence in self.typed]
            for self.wrong, it in zip(FIELDS, ids, strict=True):
                if not it:
                    raise TextError('empty_prompt')
            self.common = longest_first(set(ids[0]) & set(ids[1]))
            if self.common and self.token not in self.common:
                with param.discard_events(self):
                    self.token = self.common[0]
            if self.common:
                states = []
                for self.wrong, it in zip(FIELDS, ids, strict=True):
                    states.append(states_by_depth(lab().model, it)[:, it.index(self.token)])
                self.cosines = [float(cosine_similarity(a, b))
                                for a, b in zip(*states, strict=True)]
        except MinigptError as error:
            self.error = error

    def _offer(self) -> None:
        """Our own sentences as this model can read them; what a reader typed stays."""
        offered = tuple(map(fitted, SENTENCES))
        with param.discard_events(self):
            self.typed = tuple(new if it == old else it for it, old, new in zip(
                self.typed, self.offered, offered, strict=True))
        self.offered = offered

    def paint(self) -> None:
        self.compute()
        words = self.words
        self.fields.fields = [
            {'id': name, 'label': words[name], 'value': value, 'note': '',
             'error': self.sentence(self.error) if name == self.wrong else ''}
            for name, value in zip(FIELDS, self.typed, strict=True)]
        self.choice.param.update(value=str(self.token) if self.common else '', options=[
            {'id': str(i), 'label': visible(i)} for i in self.common])
        show(self.choice, bool(self.common))
        self.layers.rows = self._rows()
        self.said.paragraphs = [self._told()] if not self.error else []

    def _told(self) -> str:
        words, page = self.words, self.page
        if not self.common:
            return words['nothing']
        low = int(np.argmin(self.cosines))
        return words['told'].format(
            token=visible(self.token), layers=len(self.cosines) - 1,
            first=page.number(self.cosines[0], 3), last=page.number(self.cosines[-1], 3),
            low=page.number(self.cosines[low], 3),
            where=self._depth(low).lower())

    def _depth(self, depth: int) -> str:
        return (self.words['entry'] if depth == 0 else
                self.words['after'].format(layer=depth))

    def _rows(self) -> list[dict]:
        if not self.cosines:
            return []
        words, number = self.words, self.page.number
        table = {'id': -1, 'rank': '', 'label': words['table'], 'value': number(1, 3), 'part': 1,
                 'exact': 1, 'about': words['about_table'].format(token=visible(self.token))}
        return [table] + [
            {'id': depth, 'rank': depth, 'label': self._depth(depth), 'exact': cosine,
             'value': number(cosine, 3), 'part': cosine,
             'about': words['about'].format(where=self._depth(depth), cosine=number(cosine, 3),
                                            token=visible(self.token))}
            for depth, cosine in enumerate(self.cosines)]

    def relabel(self) -> None:
        self.head.param.update(title=self.words['title'], paragraphs=[self.words['lead']])
        self.fields.words = {'examples': ''}
        self.choice.label = self.words['token']
        self.layers.param.update(title=self.words['chart'], locale=self.tag)

    def layout(self):
        return stack(self.head, beside('minmax(0, 5fr) minmax(0, 7fr)',
                                       stack(self.fields, self.choice, self.said), self.layers))

    def sources(self) -> list:
        return [states_by_depth, cosine_similarity]

    def script(self) -> list[str]:
        if not self.cosines:
            return []
        return ['', '# The same token in two sentences', 'states = []',
                f'for sentence in {list(self.typed)!r}:',
                '    ids = lab.tokenizer.encode(sentence)',
                f'    states.append(states_by_depth(lab.model, ids)[:, ids.index({self.token})])',
                'for depth, (a, b) in enumerate(zip(*states)):',
                "    print('depth', depth, 'cosine', cosine_similarity(a, b))"]


def longest_first(ids: set[int]) -> list[int]:
    """The longest tokens first: those that most look like words."""
    length = {i: len(lab().tokenizer.token_bytes(i)) for i in ids}
    return sorted(ids, key=lambda i: (-length[i], i))[:MOST_COMMON]
