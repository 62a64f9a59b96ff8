"""One part of the machine opened: its numbers as a matrix, their distribution, one cell's sum."""

import contextlib
import inspect
from dataclasses import replace

import numpy as np

from minigpt.arithmetic.lines import function_of
from minigpt.arithmetic.steps import part_of
from minigpt.locale import decimal
from pages.charts import BarChart
from pages.components.actions import Actions
from pages.components.arithmetic import Arithmetic
from pages.components.matrix import Matrix
from pages.components.number_control import NumberControl
from pages.components.said import Said
from pages.components.segments import Segments
from pages.lab import lab
from pages.layout import beside, show, stack
from pages.locale import text
from pages.model.account import account
from pages.model.boxes import HUES
from pages.model.names import Names, number
from pages.model.pictures import UNSIGNED
from pages.model.window import COLUMNS, ROWS, Window

Array = np.ndarray
BINS = 40


class Panel:
    """The part that the machine's ladder stands at."""

    def __init__(self, page, machine):
        self.page, self.machine = page, machine
        self.window: Window | None = None
        self.names: Names | None = None
        self._painted: tuple = ()  # what the matrix and the facts show
        self._quiet = False        # a component is being painted: it is not the reader
        self.facts, self.heads = Said(), Segments()
        self.matrix, self.arithmetic = Matrix(self.tell), Arithmetic(self.follow)
        self.also = Actions(machine.open)
        self.starts = {name: NumberControl(start=1, step=1) for name in ('row', 'column')}
        self.histogram = BarChart(page, digits=(3, 0), height=200)
        self.heads.param.watch(lambda event: self._move(head=int(event.new or 0)), 'value')
        self.matrix.param.watch(lambda event: self._picked(event.new), 'picked')
        for name, control in self.starts.items():
            control.param.watch(
                lambda event, name=name: self._move(**{name: int(event.new) - 1}), 'value')
        self.layout = stack(beside(
            'minmax(0, 7fr) minmax(0, 5fr)',
            stack(self.heads, *self.starts.values(), self.matrix, self.facts, self.also,
                  self.histogram), self.arithmetic))

    def relabel(self) -> None:
        words, tag = text(self.page.lang), text(self.page.lang)['tag']
        own = self.page.words
        self.matrix.param.update(words=words['matrix'], locale=tag)
        self.arithmetic.param.update(words=own['cell'] | {'hint': own['panel']['pick']}, locale=tag)
        self.heads.label = own['panel']['head']
        for name, control in self.starts.items():
            control.param.update(words=own['control'], locale=tag, **own['panel']['window'][name])
        self._painted = ()

    @property
    def part(self) -> str:
        return self.machine.ladder.part

    @property
    def array(self) -> Array:
        """All numbers of the part."""
        reading = self.page.reading
        return reading.array(self.part) if reading else lab().model.params[self.part]

    def tell(self, row: int, column: int) -> str:
        """The formula of a cell that the reader looks at; it may be of an older picture."""
        if not (self.page.reading and self.part and self.window):
            return ''
        try:
            cell = self.page.reading.cell(self.part, self.window.index(row, column))
        except (IndexError, KeyError):
            return ''
        return account(cell, self.names, '')['formula']

    # What the reader does

    def _move(self, **moved: int) -> None:
        """Another head, or another stretch of a large matrix: the cell is let go."""
        if not self._quiet and self.window and self.part:
            self.window = replace(self.window, **moved)
            if self.machine.ladder.cell:
                self.machine.ladder = self.machine.ladder.up()
            else:
                self.page.paint(self.machine)

    def _picked(self, picked: list[int]) -> None:
        if self._quiet:
            return
        if picked:
            ladder, index = self.machine.ladder, self.window.index(*picked)
            if ladder.part and all(i < size for i, size in zip(index, self.array.shape)):
                self.machine.ladder = ladder.at(ladder.part, index)
        else:
            self.machine.open('..')

    def follow(self, data: dict) -> None:
        """The reader goes to a number that went into the cell, or back."""
        ladder, cell = self.machine.ladder, self.machine.cell
        if data.get('back'):
            self.machine.ladder = ladder.back()
        elif cell:
            it = (cell.numbers.get(data['number']) if 'number' in data
                  else cell.operand(data['side'], data['term']))
            if it and it.name:
                self.machine.ladder = ladder.followed(it.name, it.index)

    # Painting

    def paint(self, names: Names) -> None:
        self.names, ladder, array = names, self.machine.ladder, self.array
        window = Window(names.axes(ladder.part), array.shape)
        if self._painted and self._painted[0] == ladder.part and self.window.shape == window.shape:
            window = self.window
        self.window = window.holding(ladder.cell)
        showing = (ladder.part, self.page.reading, lab().model, self.window)
        if showing != self._painted:
            self._painted = showing
            self._paint_matrix(array)
            self._paint_facts(array)
        with self._by_ourselves():
            self.matrix.picked = self.window.on_screen(ladder.cell)
        cell = self.machine.cell
        self.arithmetic.account = account(cell, names, self._back()) if cell else {}

    @contextlib.contextmanager
    def _by_ourselves(self):
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _back(self) -> str:
        if not self.machine.ladder.trail:
            return ''
        name, index = self.machine.ladder.trail[-1]
        return self.names.words['cell']['back'].format(
            title=f'{self.names.title(name)} · {self.names.place(name, index)}')

    def _paint_matrix(self, array: Array) -> None:
        names, window = self.names, self.window
        axes, part = names.words['axes'], part_of(self.part)
        seen = window.seen(array).astype(np.float32)
        finite = array[np.isfinite(array)]
        unsigned = part in UNSIGNED or part == 'tokens'
        head = f' · {axes["H"]} {window.head + 1}' if window.heads else ''
        with self._by_ourselves():
            self.matrix.param.update(
                title=names.title(self.part) + head, picked=[],
                values=np.where(np.isinf(seen), np.nan, seen),
                rows=self._labels(window.row_axis, window.row, seen.shape[0]),
                columns=self._labels(window.column_axis, window.column, seen.shape[1]),
                row_axis=axes[window.row_axis or 'none'],
                column_axis=axes[window.column_axis or 'none'],
                scale='sequential' if unsigned else 'diverging',
                hue=HUES.get(part, 'attention'), digits=0 if part == 'tokens' else 3,
                bound=1 if part == 'attn.weights' else
                float(np.abs(finite).max()) if finite.size else 1)
            self.heads.param.update(value=str(window.head), options=[
                {'id': str(i), 'label': str(i + 1)} for i in range(window.heads)])
            firsts = (window.row, window.column)
            for (name, control), size, most, first in zip(
                    self.starts.items(), window.size, (ROWS, COLUMNS), firsts):
                note = names.words['panel']['window'][name]['note']
                control.param.update(end=max(1, size - most + 1), value=first + 1,
                                     note=note.format(all=size, shown=min(size, most)))
                show(control, size > most)
        show(self.heads, window.heads > 1)

    def _labels(self, axis: str, first: int, count: int) -> list[str]:
        return [self.names.entry(axis, first + i) if axis else '1' for i in range(count)]

    def _paint_facts(self, array: Array) -> None:
        names, words, lang = self.names, self.names.words['panel'], self.page.lang
        finite = array[np.isfinite(array)].astype(np.float64)
        facts = [names.about(self.part), names.shape(self.part, array.shape)]
        counted = finite.size and self.part != 'tokens'  # a mean of ids says nothing
        if counted:
            facts.append(words['stats'].format(
                mean=number(finite.mean(), lang), std=number(finite.std(), lang),
                low=number(finite.min(), lang), high=number(finite.max(), lang)))
        if hidden := array.size - finite.size:
            facts.append(words['hidden'].format(count=decimal(hidden, 0, lang)))
        self.facts.paragraphs = [*facts, self._origin()]
        self._paint_also()
        title = words['histogram'].format(title=names.title(self.part))
        if title != self.histogram.title:
            self.histogram.label(title, x=words['x'], y=words['y'])
        show(self.histogram.box, bool(counted))
        if counted:
            self.histogram.draw(*np.histogram(finite, BINS))

    def _paint_also(self) -> None:
        """The weights that the part is made with, to go to."""
        weights = self._step.weights if self._step else ()
        self.also.param.update(words={'group': self.names.words['panel']['also']}, buttons=[
            {'id': it, 'label': self.names.long(it), 'primary': False, 'reason': ''}
            for it in weights])
        show(self.also, bool(weights))

    @property
    def _step(self):
        """The step that computes the part; None for weights."""
        return self.page.reading.steps.get(self.part) if self.page.reading else None

    def _origin(self) -> str:
        """What made the part, or what uses it."""
        names, words, step = self.names, self.names.words['panel'], self._step
        if step:
            made = function_of(step.operation)
            return words['given'] if not made else words['made'].format(
                reads=', '.join(names.long(it) for it in (*step.reads, *step.weights)) or '–',
                function=inspect.unwrap(made).__qualname__)
        reading = self.page.reading
        users = [it for it in reading.steps.values() if self.part in it.weights] if reading else []
        return words['learnt'].format(users=', '.join(names.title(it.name) for it in users) or '–')

    def sources(self) -> list:
        """The function that computed the part shown."""
        made = self._step and function_of(self._step.operation)
        return [made] if made else []
