"""All heads as small maps, the opened one with its numbers, and what it has a habit of."""

import numpy as np

from pages.attention.layout import beside, stack
from pages.attention.numbers import percent, weight_formula
from pages.components.matrix import Matrix
from pages.components.ranking import Ranking
from pages.components.said import Said
from pages.components.thumbnails import Thumbnails
from pages.locale import text

PATTERNS = ('previous', 'word', 'same', 'first', 'itself', 'induction')  # in order of the list


class HeadsView:
    """The part of the page between the ribbons and the walk."""

    def __init__(self, page):
        self.page = page
        self.head = Said()
        self.maps = Thumbnails(bound=1)
        self.matrix = Matrix(self._tell, bound=1)
        self.habits = Ranking(hue='attention')
        self.maps.param.watch(lambda event: page.open_head(event.new), 'chosen')
        self.matrix.param.watch(lambda event: self._picked(event.new), 'picked')

    @property
    def parts(self) -> list:
        return [self.head, self.maps, self.matrix, self.habits]

    def layout(self):
        return stack(self.head, beside('minmax(0, 5fr) minmax(0, 7fr)',
                                       stack(self.maps, self.habits), self.matrix))

    def _tell(self, row: int, column: int) -> str:
        page = self.page
        return weight_formula(page, page.layer, page.head, row, column) if page.passes else ''

    def _picked(self, picked: list[int]) -> None:
        if picked:
            self.page.choose(*picked)
        else:
            self.page.choose_key(-1)

    def relabel(self) -> None:
        words, tag = self.page.words, text(self.page.lang)['tag']
        for part in (self.maps, self.matrix):
            part.param.update(words=text(self.page.lang)['matrix'], locale=tag)
        self.head.param.update(title=words['heads']['title'], paragraphs=[words['heads']['lead']])
        self.matrix.param.update(row_axis=words['matrix']['row'],
                                 column_axis=words['matrix']['column'])
        self.habits.locale = tag

    def paint(self) -> None:
        page, words = self.page, self.page.words
        passes, config = page.passes, page.passes.model.config
        maps = passes.maps()
        measures = passes.measures()
        if page.induction is not None:
            measures['induction'] = page.induction
        L, H = maps.shape[:2]
        self.maps.param.update(
            values=maps.reshape(L * H, *maps.shape[2:]), across=H,
            chosen=page.layer * H + page.head, title=words['maps']['title'],
            names=[words['maps']['name'].format(head=head + 1) for _ in range(L)
                   for head in range(H)],
            lines=[words['maps']['line'].format(layer=layer + 1) for layer in range(L)],
            marks=[self._mark(measures, layer, head) for layer in range(L) for head in range(H)],
            struck=[layer * config.n_head + head for layer, head in passes.what_if.off])
        self.matrix.param.update(
            values=maps[page.layer, page.head], rows=passes.tokens, columns=passes.tokens,
            title=words['matrix']['title'].format(layer=page.layer + 1, head=page.head + 1))
        self.habits.param.update(
            title=words['habits']['title'].format(layer=page.layer + 1, head=page.head + 1),
            lead=self._said(measures), rows=self._rows(measures))
        self.paint_query()

    def paint_query(self) -> None:
        page = self.page
        T = len(page.passes.ids)
        self.maps.row = self.matrix.row = page.shown_query
        self.matrix.picked = [page.shown_query, page.key_at] if 0 <= page.key_at < T else []

    def _mark(self, measures, layer: int, head: int) -> str:
        """A head's strongest habit, if it has one."""
        habits = {name: it.share[layer, head] for name, it in measures.items()
                  if it.is_habit(layer, head)}
        if not habits:
            return ''
        name = max(habits, key=habits.get)
        return f"{self.page.words['habits']['short'][name]} {percent(habits[name], self.page.lang, 0)}"

    def _said(self, measures) -> str:
        words, page = self.page.words['habits'], self.page
        habits = [words['names'][name] for name in PATTERNS if name in measures
                  and measures[name].is_habit(page.layer, page.head)]
        return words['some'].format(habits=', '.join(habits)) if habits else words['none']

    def _rows(self, measures) -> list[dict]:
        page, words = self.page, self.page.words['habits']
        rows = []
        for place, name in enumerate(PATTERNS):
            if name not in measures:
                continue
            measure = measures[name]
            share = float(measure.share[page.layer, page.head])
            blanks = {'share': percent(share, page.lang), 'chance': percent(measure.chance, page.lang)}
            rows.append({
                'id': place, 'rank': '', 'label': words['names'][name], 'value': blanks['share'],
                'part': share, 'exact': share, 'about': words['about'][name].format(**blanks),
                'mark': words['mark'] if measure.is_habit(page.layer, page.head) else ''})
        return rows
