"""Bokeh charts as every page shows them: labelled, themed, downloadable, with a table twin.

    chart = BarChart(page, digits=(0, 0))                       # also LineChart and PointChart
    chart.label('Tamanhos dos chunks', x='tokens', y='chunks')  # in the page's relabel()
    chart.draw(counts, edges)                                   # in the page's paint
    pn.Column(chart, …)                                         # in its layout

`label` takes words in the page's language, units included; numbers follow that language and colours
the page's theme by themselves. Bokeh's toolbar is hidden, for its buttons have no role; buttons of
ours do the same. The wheel scrolls the page. A chart is as wide as its place.
"""

from collections.abc import Callable, Sequence

import numpy as np
from bokeh.core.properties import value
from bokeh.models import (ColumnDataSource, FactorRange, GlyphRenderer, LassoSelectTool, Legend,
                          LegendItem, Line, PanTool, TapTool)

from pages.chart import Chart
from pages.locale import text
from pages.theme import FONTS

DASHES = ('solid', 'dashed', 'dotted', 'dotdash', '16 4')


class LineChart(Chart):
    """Lines over a common x; dash and name tell them apart, not hue alone."""

    kind = 'lines'

    def __init__(self, page, *, roles: Sequence[str] = ('query', 'key', 'value', 'gradient'),
                 **settings):
        super().__init__(page, **settings)
        self.roles = roles
        self._lines: list = []
        # Always there: BokehJS may lay out a chart before a new legend has its view.
        self._legend = Legend(orientation='horizontal', padding=0, spacing=16, visible=False)
        self.figure.add_layout(self._legend, 'above')

    def draw(self, x: Sequence[float], lines: dict[str, Sequence[float]]) -> None:
        """`lines`: name in the page's language → values at x; NaN leaves a gap."""
        self._keep(x, lines)

    def _paint(self, x, lines) -> dict:
        if len(self._lines) != len(lines):
            self._make(len(lines))
        for index, (renderer, (name, y)) in enumerate(zip(self._lines, lines.items())):
            renderer.data_source.data = {
                'x': np.asarray(x, float), 'y': np.asarray(y, float), 'name': [name] * len(x),
                'x_text': [self.number(it, 0) for it in x],
                'y_text': [self.number(it, 1) for it in y]}
            renderer.glyph.line_color = self.colour(self.roles[index % len(self.roles)])
            if len(lines) > 1:
                self._legend.items[index].label = value(name)
        self.hover.tooltips = [('', '@name'), (self.x, '@x_text'), (self.y, '@y_text')][
            len(lines) == 1:]
        return {self.x: x} | ({self.y: next(iter(lines.values()))} if len(lines) == 1 else lines)

    def _make(self, count: int) -> None:
        self._lines = [GlyphRenderer(data_source=ColumnDataSource({'x': [], 'y': []}), glyph=Line(
            x='x', y='y', line_width=2, line_dash=DASHES[index % len(DASHES)]))
            for index in range(count)]
        self.figure.renderers = list(self._lines)
        self._legend.items = [LegendItem(label=value(''), renderers=[line])
                              for line in self._lines]
        self._legend.visible = count > 1
        self.hover.renderers, self.hover.mode = self._lines, 'vline'


class BarChart(Chart):
    """A histogram, where `edges` are numbers, or a bar for each named thing."""

    kind = 'bars'

    def __init__(self, page, *, role: str = 'weights', named: bool = False, **settings):
        super().__init__(page, **settings, **({'x_range': FactorRange()} if named else {}))
        self.role, self.named = role, named
        self._bars = self.figure.quad(
            'left', 'right', 'top', 0, source=ColumnDataSource(
                {'left': [], 'right': [], 'top': []})) if not named else self.figure.vbar(
            'x', 0.8, 'top', source=ColumnDataSource({'x': [], 'top': []}))
        self.hover.renderers = [self._bars]
        self.figure.xgrid.visible = False
        self.figure.y_range.start = 0
        if not self.digits[1]:
            self.figure.yaxis.ticker.min_interval = 1  # whole numbers: there is no half of one

    def draw(self, values: Sequence[float], edges: Sequence) -> None:
        """Values (n,), none below 0; `edges` are n + 1 numbers, or the n different names."""
        self._keep(values, edges)

    def _paint(self, values, edges) -> dict:
        said = [self.number(it, 1) for it in values]
        if self.named:
            self.figure.x_range.factors = names = list(edges)
            data = {'x': names}
        else:
            left, right = np.asarray(edges[:-1], float), np.asarray(edges[1:], float)
            names = [f'{self.number(a, 0)} – {self.number(b, 0)}' for a, b in zip(left, right)]
            data = {'left': left, 'right': right}
        self._bars.data_source.data = data | {
            'top': np.asarray(values, float), 'name': names, 'top_text': said}
        self._bars.glyph.fill_color = self.colour(self.role)
        self._bars.glyph.line_color = self.colour('ground')
        self.hover.tooltips = [(self.x, '@name'), (self.y, '@top_text')]
        return {self.x: names, self.y: values}


class PointChart(Chart):
    """A map of labelled points, to zoom, drag and select from.

    `on_select(indices)` is called for a click (one point), Shift and a click (one more) or a lasso.
    """

    kind = 'points'

    def __init__(self, page, *, role: str = 'weights', marked_role: str = 'query',
                 on_select: Callable[[list[int]], None] | None = None, **settings):
        tools = [PanTool(), LassoSelectTool(continuous=False), TapTool()]
        super().__init__(page, tools=tools, match_aspect=True, **settings)
        self.role, self.marked_role = role, marked_role
        self.points = ColumnDataSource({'x': [], 'y': []})
        self._dots = self.figure.scatter('x', 'y', source=self.points, size='size',
                                         marker='marker', fill_color='colour', line_color='edge',
                                         nonselection_alpha=0.25)
        self._names = ColumnDataSource({'x': [], 'y': [], 'name': []})
        self._written = self.figure.text('x', 'y', 'name', source=self._names, x_offset=7,
                                         text_font_size='12px', text_baseline='middle')
        self.hover.renderers = [self._dots]
        self.box.movable = True
        if on_select:
            self.points.selected.on_change('indices', lambda attr, old, new: on_select(list(new)))

    def draw(self, x: Sequence[float], y: Sequence[float], labels: Sequence[str],
             named: Sequence[int] = (), marked: Sequence[int] = ()) -> None:
        """Points with a label each; `named` ones have it written beside them, `marked` ones are
        larger, of another shape and in the marked role's colour. Both hold indices."""
        self._keep(x, y, labels, named, marked)

    def select(self, indices: Sequence[int]) -> None:
        """Select points; the others fade. An empty list lets go."""
        self.points.selected.indices = [int(i) for i in indices]

    def _paint(self, x, y, labels, named, marked) -> dict:
        chosen = set(map(int, marked))
        here = range(len(labels))
        plain, strong = self.colour(self.role), self.colour(self.marked_role)
        self.points.data = {
            'x': np.asarray(x, float), 'y': np.asarray(y, float), 'label': list(labels),
            'x_text': [self.number(it, 0) for it in x], 'y_text': [self.number(it, 1) for it in y],
            'size': [11 if i in chosen else 6 for i in here],
            'marker': ['diamond' if i in chosen else 'circle' for i in here],
            'colour': [strong if i in chosen else plain for i in here],
            'edge': [self.colour('ground')] * len(labels)}
        names = [*named, *(i for i in chosen if i not in set(named))]
        self._names.data = {'x': [x[i] for i in names], 'y': [y[i] for i in names],
                            'name': [labels[i] for i in names]}
        self._written.glyph.text_color = self.colour('ink')
        self._written.glyph.text_font = value(FONTS['sans'])
        self.hover.tooltips = [('', '@label'), (self.x, '@x_text'), (self.y, '@y_text')]
        return {text(self.page.lang)['chart']['point']: labels, self.x: x, self.y: y}
