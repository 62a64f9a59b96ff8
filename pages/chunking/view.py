"""What the chunking page shows: its state, put into components and words."""

import numpy as np
import panel as pn

from minigpt.chunking import STRATEGIES
from minigpt.chunking.boundaries import EDGE_QUALITY
from minigpt.chunking.chunk import REASONS
from pages.chunking.export import export
from pages.chunking.figures import Figures
from pages.chunking.window import Window, described, neighbours, segments
from pages.chunking.settings import BY_SENTENCES, SIZES
from pages.chart import Chart
from pages.charts import BarChart, LineChart
from pages.components.actions import Actions
from pages.components.checks import Checks
from pages.components.choice import Choice
from pages.components.chunk_map import ChunkMap
from pages.components.chunk_text import ChunkText
from pages.components.download import Download
from pages.components.figure_table import FigureTable
from pages.components.fold import Fold
from pages.components.number_control import NumberControl
from pages.components.picker import Picker
from pages.chunking.cutting import AMOUNTS, Cutting
from pages.lab import lab
from pages.locale import text
from pages.own_text import OwnText

DRAWN = 300  # chunks that a strip shows one by one; of more it shows how close they lie
LAYOUT = """
:host { display: grid !important; grid-template-columns: 320px minmax(0, 1fr); gap: 32px;
  align-items: start; }
@media (max-width: 899px) { :host { grid-template-columns: minmax(0, 1fr); gap: 20px; } }
"""
STACK = """
:host { display: grid !important; gap: 20px; grid-template-columns: minmax(0, 1fr); }
:host > .scroll-button { display: none; }
"""
CONTROLS = STACK + '''
@media (min-width: 900px) { :host { position: sticky; top: 72px; max-height: calc(100vh - 88px);
  padding-right: 8px; overflow-y: auto; } }
'''
SIDE_BY_SIDE = """
:host { display: flex !important; flex-flow: row wrap; gap: 32px; align-items: flex-start; }
:host > * { flex: 1 1 400px; min-width: 0; }
:host > .scroll-button { display: none; }  /* Panel's, never wanted here */
"""
MAYBE_ABSENT = ':host(.absent) { display: none !important; }'
BARS = 20   # of a chart of sizes


class ChunkingView:
    """The components of one `pages.chunking.page.Chunking`, painted from its params."""

    def __init__(self, page):
        self.page = page
        self.size, self.overlap = NumberControl(), NumberControl(start=0, end=75, step=5)
        self.strategy, self.unit = Choice(), Choice()
        self.preserve, self.other, self.amount = Checks(), Picker(), Picker()
        self.fold = Fold(objects=[self.strategy, self.other, self.unit, self.preserve,
                                  self.amount])
        self.own_text = OwnText(page)
        self.map = ChunkMap(page.move)
        self.text, self.second = ChunkText(), ChunkText()
        self.figures, self.speed = FigureTable(), FigureTable()
        self.sizes, self.other_sizes = (BarChart(page, digits=(0, 0), height=220) for _ in 'ab')
        self.density = LineChart(page, digits=(0, 2), height=220, roles=('weights',))
        self.actions = Actions(lambda name: getattr(page, name)())
        self.export = Download(self._export)
        self.second_chart = pn.Column(self.other_sizes, stylesheets=[MAYBE_ABSENT],
                                      sizing_mode='stretch_width')
        self._follow()

    def _follow(self) -> None:
        """What the reader sets in a component, the page takes over."""
        page = self.page
        self.size.link(page, value='size')
        self.overlap.link(page, value='overlap')
        self.strategy.link(page, value='strategy')
        self.unit.link(page, value='unit')
        self.other.link(page, value='other')
        self.preserve.link(page, value='preserve')
        self.text.link(page, pinned='pinned')
        self.amount.param.watch(lambda event: setattr(page, 'amount', int(event.new)), 'value')
        self.second.param.watch(lambda *_: self._paint_second(), 'pinned')

    def layout(self):
        controls = pn.Column(self.size, self.overlap, self.own_text, self.fold,
                             stylesheets=[CONTROLS], sizing_mode='stretch_width')
        texts = pn.Column(self.text, self.second, stylesheets=[SIDE_BY_SIDE],
                          sizing_mode='stretch_width')
        figures = pn.Column(self.figures, pn.Column(self.speed, self.actions, stylesheets=[STACK],
                                                    sizing_mode='stretch_width'),
                            stylesheets=[SIDE_BY_SIDE], sizing_mode='stretch_width')
        charts = pn.Column(self.sizes, self.second_chart, self.density, stylesheets=[SIDE_BY_SIDE],
                           sizing_mode='stretch_width')
        picture = pn.Column(self.map, texts, figures, charts, self.export, stylesheets=[STACK],
                            sizing_mode='stretch_width')
        return pn.Column(controls, picture, stylesheets=[LAYOUT], sizing_mode='stretch_width')

    # Words

    def relabel(self) -> None:
        """All fixed words, in the page's language."""
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.size.param.update(words=words['control'], locale=tag)
        self.overlap.param.update(words=words['control'], locale=tag,
                                  label=words['overlap']['label'])
        self.strategy.param.update(label=words['strategy'], options=[
            {'id': it, 'label': words['strategies'][it]['name']} for it in STRATEGIES])
        self.unit.param.update(label=words['unit'], options=[
            {'id': it, 'label': words['units'][it]} for it in SIZES])
        self.other.param.update(label=words['compare'], options=[
            {'id': '', 'label': words['none']},
            *({'id': it, 'label': words['strategies'][it]['name']} for it in STRATEGIES)])
        self.preserve.label, self.fold.label = words['preserve']['label'], words['settings']
        self.map.param.update(words=words['map'], locale=tag)
        for component in (self.text, self.second):
            component.param.update(words=words['text'], locale=tag)
        self.figures.param.update(words=words['figures'], locale=tag)
        self.speed.param.update(words=words['timing'], locale=tag)
        self.actions.words = words['timing']
        self.export.param.update(words=words['export'], locale=tag)
        self.said = Figures(words, self.page.lang)

    # Painting

    def paint(self) -> None:
        """Everything that follows the page's state; its figures only once it has come to rest."""
        self._paint_controls()
        self._paint_map()
        self._paint_text()
        self._paint_second()
        if not self.page.cutting.running:
            self._paint_figures()
            self._paint_charts()
        self.paint_speed()

    @property
    def cuttings(self) -> list[Cutting]:
        return [it for it in (self.page.cut, self.page.compared) if it]

    def _paint_controls(self) -> None:
        page, words = self.page, self.page.words
        knob, unit = SIZES[page.unit], words['units'][page.unit]
        self.size.param.update(start=knob.start, end=knob.end, step=knob.step, value=page.size,
                               label=words['size']['label'].format(unit=unit),
                               note=words['size']['note'])
        self.overlap.param.update(value=page.overlap, note=words['overlap']['note'].format(
            count=self.said.number(page.request.overlap), unit=unit))
        self.strategy.param.update(value=page.strategy,
                                   note=words['strategies'][page.strategy]['about'])
        self.unit.value, self.other.value = page.unit, page.other
        kept = words['preserve']['already'] if page.strategy in BY_SENTENCES else ''
        self.preserve.param.update(value=page.preserve, boxes=[
            {'id': 'sentences', 'label': words['preserve']['sentences'], 'reason': kept},
            {'id': 'paragraphs', 'label': words['preserve']['paragraphs'], 'reason': ''}])
        self._paint_amount()

    def _paint_amount(self) -> None:
        page, words = self.page, self.page.words['amount']
        whole = len(page.given or lab().corpus)
        choices = [it for it in AMOUNTS if it < whole]
        options = [{'id': str(it), 'label': words['first'].format(count=self.said.number(it))}
                   for it in choices]
        options.append({'id': '0', 'label': words['all'].format(count=self.said.number(whole))})
        value = str(page.amount) if page.amount in choices else '0'
        self.amount.param.update(label=words['label'], options=options, value=value)

    def _paint_map(self) -> None:
        page, words, window = self.page, self.page.words['map'], self.page.window
        length = len(page.cut.text) or 1
        begin, end = (window.begin, window.end) if window else (0, length)
        self.map.param.update(
            rows=[self._strip(it, length) for it in self.cuttings if it.chunks],
            begin=begin / length, end=end / length, more_before=begin > 0, more_after=end < length,
            place=words['place'].format(begin=self.said.number(begin), end=self.said.number(end),
                                        length=self.said.number(length)))

    def _strip(self, cutting: Cutting, length: int) -> dict:
        starts = np.array([chunk.start for chunk in cutting.chunks])
        name = self.page.words['strategies'][cutting.strategy]['name']
        drawn = ({'cuts': (starts / length).round(6).tolist()} if len(starts) <= DRAWN else
                 {'bins': np.histogram(starts, DRAWN, (0, length))[0].tolist()})
        key = 'each' if len(starts) <= DRAWN else 'density'
        return {**drawn, 'said': self.page.words['map'][key].format(
            name=name, count=self.said.number(len(starts)))}

    def _paint_text(self) -> None:
        page = self.page
        self._paint_chunks(self.text, page.cut, page.window, page.pinned)
        chunk = page.pinned_chunk
        self.text.param.update(
            pinned=page.pinned, near=neighbours(page.cut.chunks, page.pinned) if chunk else [],
            busy=page.words['cutting'] if page.cutting.running else '')

    def _paint_second(self) -> None:
        page, cutting = self.page, self.page.compared
        shown = cutting is not None and bool(cutting.chunks)
        self.second.css_classes = [] if shown else ['absent']
        if not shown:
            return
        if self.second.pinned >= len(cutting.chunks):
            self.second.pinned = -1
        self._paint_chunks(self.second, cutting, page.window, 0)
        pinned = self.second.pinned
        self.second.near = neighbours(cutting.chunks, pinned) if pinned >= 0 else []

    def _paint_chunks(self, component: ChunkText, cutting: Cutting, window: Window | None,
                      pinned: int) -> None:
        """One strategy's chunks on the window's stretch of the text."""
        words, chunks = self.page.words, cutting.chunks
        pieces = segments(chunks, window.begin, window.end) if window else []
        shown = range(pieces[0]['first'], pieces[-1]['last'] + 1) if pieces else []
        name = words['strategies'][cutting.strategy]['name']
        component.param.update(
            picture={'segments': pieces, 'qualities': EDGE_QUALITY,
                     'first': pieces[0]['last'] if pieces else 0,
                     'chunks': [described(chunks[i], i, lab().tokenizer) for i in shown]},
            count=len(chunks), totals=self._totals(cutting), legend=self._legend(cutting),
            title=words['title' if chunks else 'empty'].format(
                name=name, count=self.said.number(len(chunks))),
            written_in='' if self.page.own_text else 'pt-BR')

    def _totals(self, cutting: Cutting) -> list[str]:
        """Characters of the text and of the chunks: what is repeated counts once, and each time."""
        if not cutting.chunks:
            return []
        page, words, number = self.page, self.page.words['totals'], self.said.number
        length = len(cutting.text)
        said = [words['text'].format(count=number(length)),
                words['chunks'].format(count=number(cutting.characters),
                                       repeated=number(cutting.characters - length))]
        if length < len(page.whole_text):
            said.append(words['beginning'])
        if not page.is_linked:
            said.append(words['not_linked'])
        return said

    def _legend(self, cutting: Cutting) -> list[dict]:
        said, reasons = self.page.words['text']['reasons'], cutting.reasons
        return [{'reason': it, 'said': f'{said[it]} ×{self.said.number(reasons[it])}'}
                for it in REASONS if reasons[it]]

    def _paint_figures(self) -> None:
        words, cuttings = self.page.words, self.cuttings
        self.figures.param.update(
            head=[words['figures']['figure'], *(words['strategies'][it.strategy]['name']
                                                for it in cuttings)],
            rows=self.said.rows(cuttings, 'tokens' if cuttings[0].request.in_tokens
                                else 'characters'))

    def _paint_charts(self) -> None:
        """How long the chunks are, and how dense those on the screen."""
        page, words = self.page, self.page.words['charts']
        unit = page.words['units']['tokens' if page.cut.request.in_tokens else 'characters']
        most = max([page.cut.request.size, *(it.quality.largest for it in self.cuttings
                                             if it.quality)])
        edges = np.linspace(0, most, BARS + 1)
        for chart, cutting in zip((self.sizes, self.other_sizes), self.cuttings):
            name = page.words['strategies'][cutting.strategy]['name']
            label(chart, words['sizes']['title'].format(name=name),
                  words['sizes']['x'].format(unit=unit), words['sizes']['y'])
            chart.draw(np.histogram(cutting.sizes, edges)[0], edges)
        self.second_chart.css_classes = [] if page.compared else ['absent']
        label(self.density, *(words['density'][key] for key in ('title', 'x', 'y')))
        window = page.window
        shown = range(window.first, window.last + 1) if window else []
        self.density.draw([i + 1 for i in shown], {
            words['density']['y']: [page.cut.chunks[i].density for i in shown]})

    def paint_speed(self) -> None:
        page, words = self.page, self.page.words['timing']
        running = page.timing.running
        stale = bool(page.timings) and page.is_timing_stale
        self.speed.param.update(
            head=words['columns'], rows=self.said.timing_rows(page.timings),
            note=words['running'] if running else words['stale'] if stale else
            words['fresh'] if page.timings else words['none'])
        busy = words['running'] if running else page.words['cutting'] if page.cutting.running else ''
        self.actions.buttons = [
            {'id': 'measure', 'label': words['measure'], 'reason': busy},
            {'id': 'stop_measuring', 'label': words['stop'], 'reason': '' if running
             else words['idle']}]

    def _export(self) -> tuple[str, str]:
        cut = self.page.cut
        return f'chunks-{cut.strategy}.json', export(cut, lab().tokenizer)


def label(chart: Chart, title: str, x: str, y: str) -> None:
    """Label a chart where its words are not those already: labelling draws it once more."""
    if (chart.title, chart.x, chart.y) != (title, x, y):
        chart.label(title, x, y)
