"""Is the gradient right? Click a weight: nudge it, and see whether the loss moves as promised."""

import math
from collections.abc import Iterator

import numpy as np
import panel as pn

from minigpt.errors import MinigptError
from minigpt.locale import scientific
from minigpt.nn import GPT
from minigpt.training import gradient_check
from minigpt.training.gradient_check import GradientCheck, numeric_gradient
from pages.components.figure_table import FigureTable
from pages.components.matrix import Matrix
from pages.components.picker import Picker
from pages.components.said import Said
from pages.lab import visible
from pages.locale import text
from pages.training.part import Part
from pages.work import Work

TOKENS = 16            # of the one passage that the loss is measured on
ROWS, COLUMNS = 12, 24  # of a matrix shown
NUDGES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12)
USUAL = 1e-6
GRID = """:host { display: grid !important; gap: 12px 32px; align-items: start;
  grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
@media (max-width: 1099px) { :host { grid-template-columns: minmax(0, 1fr); } }
"""
STACK = ':host { display: grid !important; gap: 12px; grid-template-columns: minmax(0, 1fr); }'


class GradientCheckPart(Part):
    """`exact` is the model in float64, `grads` its gradients; `check` the weight clicked last."""

    section = 'check'

    def __init__(self, page, slow):
        super().__init__(page)
        self._slow = slow  # whose model, text and tokens are looked at
        self.exact: GPT | None = None
        self.grads = None
        self.check: GradientCheck | None = None
        self.nudged: list[tuple[float, float]] = []  # h, numeric gradient
        self.intro, self.said = Said(), Said()
        self.parameter = Picker()
        self.matrix = Matrix(self._tell, scale='diverging', digits=5, tapped=True)
        self.table = FigureTable()
        self.work = Work(self._paint_table, page.broke)
        self.parameter.param.watch(lambda _: self._choose(), 'value')
        self.matrix.param.watch(lambda event: self._pick(event.new), 'picked')

    def layout(self):
        left = pn.Column(self.parameter, self.matrix, stylesheets=[STACK],
                         sizing_mode='stretch_width')
        right = pn.Column(self.said, self.table, stylesheets=[STACK], sizing_mode='stretch_width')
        both = pn.Column(left, right, stylesheets=[GRID], sizing_mode='stretch_width')
        return pn.Column(self.intro, both, stylesheets=[STACK], sizing_mode='stretch_width')

    def start(self) -> None:
        if self.exact is None and not self.page.running:
            self.work.start(self._preparing())

    def forget(self) -> None:
        self.work.stop()
        self.exact = self.grads = self.check = None
        self.nudged = []

    def _preparing(self) -> Iterator[None]:
        yield
        try:
            model, ids, _, _, self._tokenizer = self._slow.material()
        except MinigptError:
            return  # the part above says so
        yield
        T = min(TOKENS, model.config.block_size)
        self.ids, self.targets = ids[None, :T], ids[None, 1:T + 1]
        self.exact = GPT(model.config, dtype=np.float64)
        self.exact.flat[...] = model.flat
        _, self.grads = self.exact.loss_and_grads(self.ids, self.targets)
        self.parameter.options = [{'id': name, 'label': f'{name}  {"×".join(map(str, it.shape))}'}
                                  for name, it in self.exact.params.items()]
        if self.parameter.value not in self.exact.params:
            self.parameter.value = 'h.0.attn.c_attn.weight'
        self._choose()
        strongest = np.unravel_index(np.abs(self.matrix.values).argmax(), self.matrix.values.shape)
        yield
        yield from self._checking(*map(int, strongest))

    # What is shown of a parameter

    def _choose(self) -> None:
        """Another parameter: its gradients, as far as they fit."""
        name = self.parameter.value
        if self.exact is None or name not in self.exact.params:
            return
        grad = self.grads[name]
        self.rows = (list(dict.fromkeys(self.ids[0].tolist()))[:ROWS] if name == 'wte.weight'
                     else list(range(min(ROWS, len(grad) if grad.ndim > 1 else 1))))
        table = grad if grad.ndim > 1 else grad[None]
        labels = [visible(i, self._tokenizer) for i in self.rows] if name == 'wte.weight' else (
            [str(i) for i in self.rows])
        shown = table[self.rows, :COLUMNS].astype(np.float32)
        self.matrix.param.update(values=shown, rows=labels, picked=[],
                                 columns=[str(i) for i in range(shown.shape[1])])

    def _index(self, row: int, column: int) -> tuple[int, ...]:
        """The place of a cell in the parameter."""
        grad = self.grads[self.parameter.value]
        return (self.rows[row], column) if grad.ndim > 1 else (column,)

    def _tell(self, row: int, column: int) -> str:
        if self.exact is None:
            return ''
        name, index = self.parameter.value, self._index(row, column)
        return self.words['cell'].format(
            place=place(name, index), weight=self.number(float(self.exact.params[name][index]), 5),
            gradient=self.number(float(self.grads[name][index]), 6))

    # The check

    def _pick(self, picked: list[int]) -> None:
        if picked and self.exact is not None:
            self.work.start(self._checking(*picked))

    def _checking(self, row: int, column: int) -> Iterator[None]:
        """The weight at this cell with the usual nudge, then with all of them."""
        name, index = self.parameter.value, self._index(row, column)
        self.nudged = []
        self.check = gradient_check(self.exact, self.ids, self.targets, [(name, index)], USUAL)[0]
        self._paint_said()
        yield
        for h in NUDGES:
            self.nudged.append((h, numeric_gradient(self.exact, self.ids, self.targets, name,
                                                    index, h)))
            yield

    def relabel(self) -> None:
        words = self.words
        self.intro.param.update(title=words['title'], paragraphs=[words['lead']])
        self.parameter.label = words['parameter']
        self.matrix.param.update(words=text(self.page.lang)['matrix'], locale=self.tag,
                                 title=words['matrix'], row_axis=words['rows'],
                                 column_axis=words['columns'])
        self.table.param.update(words=words['table'], locale=self.tag)
        self.paint()

    def paint(self) -> None:
        self._paint_said()
        self._paint_table()

    def _paint_said(self) -> None:
        words, check = self.words, self.check
        if check is None:
            running = self.page.words['actions']['is_running'] if self.page.running else ''
            self.said.param.update(title='', paragraphs=[running or words['waiting']])
            return
        values = {'place': place(check.name, check.index),
                  'weight': self.number(float(self.exact.params[check.name][check.index]), 5),
                  'analytic': number(check.analytic, self.page.lang),
                  'numeric': number(check.numeric, self.page.lang),
                  'error': number(check.relative_error, self.page.lang, 1)}
        kind = 'zero' if check.analytic == 0 else 'right' if check.relative_error < 1e-4 else 'far'
        self.said.param.update(title=values['place'],
                               paragraphs=[words['said'].format(**values), words[kind]])

    def _paint_table(self) -> None:
        words, lang = self.words, self.page.lang
        if self.check is None:
            self.table.rows = []
            return
        rows = []
        for h, numeric in self.nudged:
            size = max(abs(self.check.analytic), abs(numeric), 1e-300)
            error = abs(self.check.analytic - numeric) / size
            rows.append({'name': number(h, lang), 'cells': [
                {'text': number(numeric, lang), 'about': words['about_numeric'].format(
                    h=number(h, lang), numeric=number(numeric, lang))},
                {'text': number(error, lang, 1), 'about': words['about_error'].format(
                    numeric=number(numeric, lang), error=number(error, lang, 1),
                    analytic=number(self.check.analytic, lang))}]})
        self.table.param.update(head=words['head'], rows=rows, note=words['note'])


def place(name: str, index: tuple[int, ...]) -> str:
    """'h.0.mlp.c_fc.weight[3, 5]'."""
    return f'{name}[{", ".join(map(str, index))}]'


def number(value: float, lang: str, digits: int = 6) -> str:
    """'1,234567·10⁻⁴', '10⁻⁶'."""
    return scientific(value, digits, lang).replace('-', '−') if math.isfinite(value) else '–'
