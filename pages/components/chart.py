"""Around a Bokeh figure: its title, our own tools and downloads, and the table of its values."""

import base64
from collections.abc import Callable

import param
from panel.viewable import Child

from pages.components import Component, Json


class ChartBox(Component):
    """`figure` under `title`; `name_of_picture` says to a screen reader what is drawn.

    Keys walk over the points and read them, and so does a tap. `movable` figures have buttons to
    zoom, move and select. `table` is `pages.chart_table.table`,
    wanted while `table_open`. `make_csv()` gives the name and text of the CSV file.
    """

    figure = Child()
    title = param.String(default='')
    name_of_picture = param.String(default='')
    movable = param.Boolean(default=False)
    table = Json(default={'head': [], 'rows': [], 'number': [], 'count': 0})
    table_open = param.Boolean(default=False)

    def __init__(self, make_csv: Callable[[], tuple[str, str]], **params):
        super().__init__(**params)
        self._make_csv = make_csv

    def _handle_msg(self, data: dict) -> None:
        name, content = self._make_csv()
        # The mark at the head lets spreadsheets see that it is UTF-8.
        self._send_msg({'name': name, 'base64': base64.b64encode(
            content.encode('utf-8-sig', 'replace')).decode('ascii')})
