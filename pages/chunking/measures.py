"""The figures, timings and charts of the chunks, and the file of them."""

import numpy as np
import panel as pn

from pages.chart import Chart
from pages.charts import BarChart, LineChart
from pages.chunking.export import export
from pages.chunking.figures import Figures
from pages.chunking.layout import MAYBE_ABSENT, SIDE_BY_SIDE, STACK
from pages.components.actions import Actions
from pages.components.download import Download
from pages.components.figure_table import FigureTable
from pages.lab import lab
from pages.locale import text

BARS = 20   # of a chart of sizes


class ChunkingMeasures:
    """Numbers about all chunks, and what they cost: below the text, the `figures` beside it."""

    def __init__(self, page):
        self.page = page
        self.figures, self.speed = FigureTable(), FigureTable()
        self.sizes, self.other_sizes = (BarChart(page, digits=(0, 0), height=220) for _ in 'ab')
        self.density = LineChart(page, digits=(0, 2), height=220, roles=('weights',))
        self.actions = Actions(lambda name: getattr(page, name)())
        self.export = Download(self._export)
        self.second_chart = pn.Column(self.other_sizes, stylesheets=[MAYBE_ABSENT],
                                      sizing_mode='stretch_width')

    def layout(self):
        speed = pn.Column(self.speed, self.actions, stylesheets=[STACK],
                          sizing_mode='stretch_width')
        export = pn.Column(self.density, self.export, stylesheets=[STACK],
                           sizing_mode='stretch_width')
        return pn.Column(self.sizes, self.second_chart, speed, export,
                         stylesheets=[SIDE_BY_SIDE], sizing_mode='stretch_width')

    def relabel(self) -> None:
        """All fixed words, in the page's language."""
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.figures.param.update(words=words['figures'], locale=tag)
        self.speed.param.update(words=words['timing'], locale=tag)
        self.actions.words = words['timing']
        self.export.param.update(words=words['export'], locale=tag)
        self.said = Figures(words, self.page.lang)

    def paint(self) -> None:
        """The figures of the chunks there are; they wait while others are being cut."""
        if not self.page.cutting.running:
            self._paint_figures()
            self._paint_sizes()
            self._paint_density()
        self.paint_speed()

    def _paint_figures(self) -> None:
        words, cuttings = self.page.words, self.page.cuttings
        self.figures.param.update(
            head=[words['figures']['figure'], *(words['strategies'][it.strategy]['name']
                                                for it in cuttings)],
            rows=self.said.rows(cuttings, 'tokens' if cuttings[0].request.in_tokens
                                else 'characters'))

    def _paint_sizes(self) -> None:
        """How many chunks are how long."""
        page, words = self.page, self.page.words['charts']
        unit = page.words['units']['tokens' if page.cut.request.in_tokens else 'characters']
        most = max([page.cut.request.size, *(it.quality.largest for it in self.page.cuttings
                                             if it.quality)])
        edges = np.linspace(0, most, BARS + 1)
        for chart, cutting in zip((self.sizes, self.other_sizes), self.page.cuttings):
            name = page.words['strategies'][cutting.strategy]['name']
            label(chart, words['sizes']['title'].format(name=name),
                  words['sizes']['x'].format(unit=unit), words['sizes']['y'])
            chart.draw(np.histogram(cutting.sizes, edges)[0], edges)
        self.second_chart.css_classes = [] if page.compared else ['absent']

    def _paint_density(self) -> None:
        """How dense the chunks on the screen are, one after the other."""
        page, words = self.page, self.page.words['charts']
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
        busy = words['running'] if running else ''
        if page.cutting.running:
            busy = page.words['cutting']
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
