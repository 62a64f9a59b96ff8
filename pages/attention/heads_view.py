"""All heads as small maps, the opened one with its numbers, and what it has a habit of."""

from minigpt.nn.attention_patterns import FEWEST, NAMED
from pages.attention.numbers import STAGES, percent, stage_formula, stage_values
from pages.components.matrix import Matrix
from pages.components.ranking import Ranking
from pages.components.said import Said
from pages.components.segments import Segments
from pages.components.thumbnails import Thumbnails
from pages.layout import stack
from pages.locale import text

PATTERNS = ('previous', 'word', 'same', 'first', 'itself', 'induction')  # in order of the list


class HeadsView:
    """The maps and habits, which stand beside the next word, and the opened head below them."""

    def __init__(self, page):
        self.page = page
        self.head = Said()
        self.maps = Thumbnails()
        self.stage = Segments(value='weights')
        self.matrix = Matrix(self._tell)
        self.habits = Ranking(hue='attention')
        self.maps.param.watch(lambda event: page.open_head(event.new), 'chosen')
        self.stage.param.watch(lambda event: page.param.update(stage=event.new), 'value')
        self.matrix.param.watch(lambda event: self._picked(event.new), 'picked')

    @property
    def parts(self) -> list:
        return [self.head, self.maps, self.stage, self.matrix, self.habits]

    def layout(self):
        return stack(self.stage, self.matrix)

    def _tell(self, row: int, column: int) -> str:
        page = self.page
        return stage_formula(page, page.stage, row, column) if page.passes else ''

    def _picked(self, picked: list[int]) -> None:
        page = self.page
        if not picked:
            page.choose_key(-1)
        elif page.passes and picked != [page.shown_query, page.shown_key]:
            page.choose(*picked)

    def relabel(self) -> None:
        words, tag = self.page.words, text(self.page.lang)['tag']
        for part in (self.maps, self.matrix):
            part.param.update(words=text(self.page.lang)['matrix'], locale=tag)
        self.head.param.update(title=words['heads']['title'], paragraphs=[words['heads']['lead']])
        self.stage.param.update(label=words['stage']['label'], options=[
            {'id': name, 'label': words['stage'][name]} for name in STAGES])
        self.maps.param.update(title=words['maps']['title'], lead=words['maps']['lead'])
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
            chosen=page.layer * H + page.head,
            names=[words['maps']['name'].format(head=head + 1) for _ in range(L)
                   for head in range(H)],
            lines=[words['maps']['line'].format(layer=layer + 1) for layer in range(L)],
            marks=[self._mark(measures, layer, head) for layer in range(L) for head in range(H)],
            struck=[layer * config.n_head + head for layer, head in passes.what_if.off])
        self.paint_matrix()
        self.habits.param.update(
            title=words['habits']['title'].format(layer=page.layer + 1, head=page.head + 1),
            lead=self._said(measures), rows=self._rows(measures))

    def paint_matrix(self) -> None:
        """The opened head at the stage chosen: only weights have a bound of their own."""
        page, words = self.page, self.page.words
        is_weight = page.stage == 'weights'
        self.stage.value = page.stage
        self.matrix.param.update(
            values=stage_values(page.passes, page.stage, page.layer, page.head),
            rows=page.passes.tokens, columns=page.passes.tokens, bound=1 if is_weight else 0,
            scale='sequential' if is_weight else 'diverging',
            title=words['matrix'][page.stage].format(layer=page.layer + 1, head=page.head + 1))

    def paint_query(self) -> None:
        page = self.page
        self.maps.row = self.matrix.row = page.shown_query
        self.matrix.picked = [page.shown_query, page.shown_key]

    def _mark(self, measures, layer: int, head: int) -> str:
        """A head's strongest habit, if it has one."""
        habits = {name: it.share[layer, head] for name, it in measures.items()
                  if it.is_habit(layer, head)}
        if not habits:
            return ''
        name = max(habits, key=habits.get)
        short = self.page.words['habits']['short'][name]
        return f'{short} {percent(habits[name], self.page.lang, 0)}'

    def _said(self, measures) -> str:
        words, page = self.page.words['habits'], self.page
        habits = [words['names'][name] for name in PATTERNS if name in measures
                  and measures[name].is_habit(page.layer, page.head)]
        return words['some' if habits else 'none'].format(
            habits=', '.join(habits), named=percent(NAMED, page.lang, 0), fewest=FEWEST)

    def _rows(self, measures) -> list[dict]:
        page, words = self.page, self.page.words['habits']
        rows = []
        for place, name in enumerate(PATTERNS):
            if name not in measures:
                continue
            measure = measures[name]
            share = float(measure.share[page.layer, page.head])
            blanks = {'share': percent(share, page.lang),
                      'chance': percent(measure.chance, page.lang), 'rows': measure.rows}
            rows.append({
                'id': place, 'rank': '', 'label': words['names'][name], 'value': blanks['share'],
                'part': share, 'exact': share, 'about': words['about'][name].format(**blanks),
                'mark': words['mark'] if measure.is_habit(page.layer, page.head) else ''})
        return rows
