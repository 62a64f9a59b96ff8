"""What all charts of the pages have: words, colours, hover values, downloads, a table twin."""

from collections.abc import Sequence

import panel as pn
from bokeh.models import HoverTool, Legend
from bokeh.plotting import figure

from minigpt.locale import decimal
from pages.chart_table import csv_text, file_name, table
from pages.components.chart import ChartBox
from pages.locale import text
from pages.theme import FONTS, GROUND, ROLES


class Chart(pn.viewable.Viewer):
    """Base of the three kinds. `digits`: decimals of x and of y; `height` in pixels."""

    kind = ''  # key of the locale's `chart` section

    def __init__(self, page, *, digits: tuple[int, int] = (0, 2), height: int = 280,
                 tools: Sequence = (), **settings):
        super().__init__()
        self.page, self.digits = page, digits
        self.title = self.x = self.y = ''
        self.columns: dict[str, Sequence] = {}  # header → values: the table and the CSV
        self._drawn: tuple | None = None        # arguments of the last `draw`
        self._worn = ''                         # the theme whose colours the figure has
        self.hover = HoverTool(renderers=[])
        self.figure = figure(height=height, sizing_mode='stretch_width', toolbar_location=None,
                             tools=[*tools, self.hover], outline_line_color=None,
                             border_line_color=None, min_border=4,
                             **settings)
        self.figure.toolbar.active_drag = None
        self.box = ChartBox(lambda: (file_name(self.title), csv_text(self.columns)),
                            figure=pn.pane.Bokeh(self.figure, sizing_mode='stretch_width'))
        self.box.param.watch(lambda *_: self._tabulate(), 'table_open')
        page.param.watch(lambda *_: self._redraw(), 'theme')

    def label(self, title: str, x: str, y: str) -> None:
        """Title and axes, units included, in the page's language."""
        self.title, self.x, self.y = title, x, y
        words, tag = text(self.page.lang)['chart'], text(self.page.lang)['tag']
        self.figure.xaxis.axis_label, self.figure.yaxis.axis_label = x, y
        self.box.param.update(words=words, locale=tag, title=title)
        self._redraw()

    def number(self, number: float, axis: int) -> str:
        """A value of the x (0) or y (1) axis as the page's language writes it."""
        return decimal(float(number), self.digits[axis], self.page.lang).replace('-', '−')

    def colour(self, role: str) -> str:
        """A role's or a grey's colour in the page's theme."""
        return (ROLES[self.page.theme] | GROUND[self.page.theme])[role]

    def _keep(self, *drawn) -> None:
        """Remember what is drawn, so that a new language or theme can draw it again."""
        self._drawn = drawn
        self._redraw()

    def _redraw(self) -> None:
        self._wear()
        if self._drawn:
            self.columns = self._paint(*self._drawn)
            words = text(self.page.lang)['chart']
            count = len(next(iter(self.columns.values())))
            self.box.name_of_picture = words['name'].format(
                title=self.title, kind=words[self.kind], x=self.x, y=self.y, count=count)
            self._tabulate()

    def _paint(self, *drawn) -> dict[str, Sequence]:
        """Draw, and return the columns of the table."""
        raise NotImplementedError

    def _tabulate(self) -> None:
        """The table is made only while it is open: a chart may change many times a second."""
        if self.box.table_open:
            self.box.table = table(self.columns, max(self.digits), self.page.lang)

    def _wear(self) -> None:
        """The theme's colours, and the site's type: much to set, and the same at each paint."""
        if self._worn == self.page.theme:
            return
        self._worn = self.page.theme
        it, ink, soft = self.figure, self.colour('ink'), self.colour('soft')
        font = FONTS['sans']
        it.background_fill_color = it.border_fill_color = self.colour('ground')
        for axis in (it.xaxis, it.yaxis):
            axis.axis_label_text_color, axis.major_label_text_color = ink, soft
            axis.axis_label_text_font = axis.major_label_text_font = font
            axis.axis_label_text_font_style = 'normal'
            axis.axis_label_text_font_size, axis.major_label_text_font_size = '13px', '12px'
            axis.axis_line_color = axis.major_tick_line_color = self.colour('control')
            axis.minor_tick_line_color = None
        it.grid.grid_line_color = self.colour('line')
        for legend in it.select(Legend):
            legend.label_text_color, legend.label_text_font = ink, font
            legend.label_text_font_size, legend.background_fill_alpha = '13px', 0
            legend.border_line_color = None

    def __panel__(self):
        return self.box
