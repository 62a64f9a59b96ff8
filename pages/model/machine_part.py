"""The machine drawn whole, and the ladder down to one cell of it."""

import functools

import param

from minigpt.arithmetic.steps import layer_of
from pages.components.crumbs import Crumbs
from pages.components.model_map import ModelMap
from pages.lab import lab, visible
from pages.layout import STACK, stack
from pages.model.boxes import SCALES, Box, Group, groups, shape_words
from pages.model.ladder import Ladder, opening, read
from pages.model.names import Names
from pages.model.panel import Panel
from pages.model.pictures import axes_of, bands, pictures
from pages.model.walk import walk
from pages.part import Part
from pages.settings import whole

TOKENS_ASIDE = 12
HIDDEN = ':host { display: none !important; }'


class MachinePart(Part):
    """The picture; `ladder` says how far down the reader has gone, `position` where the walk is."""

    ladder = param.ClassSelector(class_=Ladder, default=Ladder())
    position = param.Number(default=0)

    section = 'map'

    def __init__(self, page):
        super().__init__(page)
        self.crumbs = Crumbs(self.open)
        self.map = ModelMap(self.open)
        self._weights_of = None  # the model whose weights are drawn
        self._read = None        # the reading that is drawn
        self._shapes: tuple | None = None    # what the boxes on the screen follow from
        self._opening: Ladder | None = None  # where the page stands by itself
        self.map.link(self, position='position')
        self.param.watch(lambda *_: page.paint(self), ['ladder', 'position'])

    @functools.cached_property
    def panel(self) -> Panel:
        """Made when it is first painted: its chart follows a page that must be whole."""
        return Panel(self.page, self)

    def restore(self, query: dict[str, str]) -> None:
        reading = self.page.reading
        count = len(reading.steps) if reading else 0
        with param.discard_events(self):
            self.ladder = read(query, lab().model.config, reading)
            self.position = whole(query, 'step', range(count + 1), count)

    def state(self) -> dict[str, str]:
        count = len(self.page.reading.steps) if self.page.reading else 0
        step = {} if self.position == count else {'step': str(int(self.position))}
        at = {} if self.ladder == opening(self.page.reading) else self.ladder.write()
        return at | step

    def text_changed(self) -> None:
        """Another text: a cell that is no longer there is let go, the walk is at its end."""
        with param.discard_events(self):
            at = {} if self._opened_itself else self.ladder.write()
            self.ladder = read(at, lab().model.config, self.page.reading)
            self.position = len(self.page.reading.steps) if self.page.reading else 0

    @property
    def _opened_itself(self) -> bool:
        """Whether the cell looked at is the one that the page chose for the text before."""
        return self._opening is not None and self.ladder == self._opening

    def open(self, name: str) -> None:
        """What the reader clicked: a group, a part, or '..' for one rung up."""
        if name == '..':
            self.ladder = self.ladder.up()
        elif self._is_here(name) and self.ladder != self.ladder.opened(name):
            self.ladder = self.ladder.opened(name)

    def _is_here(self, name: str) -> bool:
        """Whether the model and the text have it: a click may be on an older picture."""
        reading = self.page.reading
        return (name == '' or name in lab().model.params or any(
            name == it.name for it in self.drawn) or reading is not None and name in reading.steps)

    @property
    def cell(self):
        """The Cell looked at, or None."""
        it, reading = self.ladder, self.page.reading
        return reading.cell(it.part, it.cell) if it.cell and reading else None

    # Painting

    def relabel(self) -> None:
        self.crumbs.words = self.page.words['crumbs']
        self.map.param.update(words=self.words, locale=self.tag)
        self.panel.relabel()
        self._read = self._weights_of = self._shapes = None

    def paint(self) -> None:
        page, names = self.page, Names(self.page, self.page.reading)
        if self._read is not page.reading or self._weights_of is not lab().model:
            self._paint_machine(names)
        cell, ladder = self.cell, self.ladder
        drawn = self.drawn
        self.map.param.update(
            focus=ladder.group, opened=ladder.part, target=ladder.part if cell else '',
            lit=bands(cell, page.reading, axes_of(drawn)) if cell else {}, position=self.position)
        self.crumbs.rungs = self._rungs(names)
        self.panel.layout.stylesheets = [STACK if ladder.part else HIDDEN]
        page.send_painted()
        if ladder.part:
            self.panel.paint(names)

    def _paint_machine(self, names: Names) -> None:
        """Everything that changes with the text or the model only."""
        reading, model = self.page.reading, lab().model
        T = reading.T if reading else model.config.block_size
        if self._shapes != (model.config, T, reading is None):  # boxes and steps follow from these
            self._shapes = model.config, T, reading is None
            self.drawn = groups(model.config, T)
            self._groups = [drawn_group(it, names) for it in self.drawn]
            self.map.walk = walk(list(reading.steps.values()), names) if reading else []
        self.map.param.update(
            groups=[group | {'aside': self._aside(group['name'])} for group in self._groups],
            pictures=pictures(reading.array, self.drawn, learnt=False) if reading else {})
        if self._weights_of is not model:
            self.map.weights = pictures(model.params.__getitem__, self.drawn, learnt=True)
            self._weights_of = model
        self._read, self._opening = reading, opening(reading)

    def _aside(self, group: str) -> str:
        """What goes in at the entrance, and what comes out at the exit."""
        reading = self.page.reading
        if not reading or group not in ('entry', 'exit'):
            return ''
        if group == 'entry':
            shown = [visible(int(i)) for i in reading.ids[:TOKENS_ASIDE]]
            return '  '.join(shown) + ('  …' if reading.T > TOKENS_ASIDE else '')
        likeliest = int(reading.array('shares')[-1].argmax())
        return f'→ {visible(likeliest)}'

    def _rungs(self, names: Names) -> list[dict]:
        it, words = self.ladder, self.page.words
        rungs = [{'id': '', 'label': words['groups']['whole']}]
        if it.group:
            rungs.append({'id': it.group, 'label': names.group(it.group)})
        if it.part:
            rungs.append({'id': it.part, 'label': names.long(it.part)})
        if it.cell:
            rungs.append({'id': 'cell', 'label': names.place(it.part, it.cell)})
        return rungs

    def layout(self):
        return stack(self.crumbs, self.map, self.panel.layout)

    def sources(self) -> list:
        return self.panel.sources()


def drawn_group(group: Group, names: Names) -> dict:
    """A group as the component takes it."""
    words = names.words['groups']
    many = group.times > 1
    return {'name': group.name, 'title': words['blocks'] if many else names.group(group.name),
            'note': words['times'].format(count=group.times) if many else '', 'aside': '',
            'rows': [[drawn_box(box, names) for box in row] for row in group.rows]}


def drawn_box(box: Box, names: Names) -> dict:
    shape = shape_words(box.shape)
    group = box.name.rpartition(box.part)[0][:-1]
    where = '' if layer_of(box.name) is None else f'{names.group(group)} · '
    return {'name': box.name, 'label': names.short(box.name), 'shape': shape, 'sign': box.sign,
            'about': f'{where}{names.long(box.name)}, {shape}. {names.about(box.name)}',
            'hue': box.hue, 'learnt': box.learnt, 'step': box.step,
            **{scale: box.size(scale) for scale in SCALES}}
