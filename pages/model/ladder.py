"""Where the reader stands on the ladder: the whole machine, a group, a part, a cell."""

from dataclasses import dataclass, replace

import numpy as np

from minigpt.arithmetic import Reading
from minigpt.arithmetic.steps import layer_of, part_of
from minigpt.nn.config import GPTConfig
from minigpt.nn.parameters import parameter_shapes
from pages.model.boxes import ENTRY
from pages.settings import one_of, piece, taken

LONGEST_TRAIL = 50
WHOLE = 'whole'  # how a link says that nothing is opened


@dataclass(frozen=True)
class Ladder:
    """`group` ('' is the whole machine), in it `part` (the full name of an array), in that `cell`.

    `trail` holds the cells that the reader came from, by following numbers.
    """
    group: str = ''
    part: str = ''
    cell: tuple[int, ...] = ()
    trail: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def opened(self, name: str) -> 'Ladder':
        """At a group, or at a part without a cell."""
        if name in ('', 'entry', 'exit') or name.startswith('h.') and name.count('.') == 1:
            return Ladder(name)
        return Ladder(group_of(name, self.group), name)

    def at(self, name: str, index: tuple[int, ...]) -> 'Ladder':
        """At a cell, freshly chosen. Whoever sees the whole machine goes on seeing it."""
        return Ladder(self.group and group_of(name, self.group), name, index)

    def followed(self, name: str, index: tuple[int, ...]) -> 'Ladder':
        """At a cell that the present one led to."""
        trail = (*self.trail, (self.part, self.cell))[-LONGEST_TRAIL:]
        return replace(self.at(name, index), trail=trail)

    def back(self) -> 'Ladder':
        """Where the reader came from."""
        if not self.trail:
            return self
        name, index = self.trail[-1]
        return replace(self.at(name, index), trail=self.trail[:-1])

    def up(self) -> 'Ladder':
        """One rung up: cell, part, whole."""
        return Ladder(self.group, self.part) if self.cell else Ladder(
            self.group) if self.part else Ladder()

    def write(self) -> dict[str, str]:
        """For a link."""
        state = {'at': self.part or self.group or WHOLE}
        if self.cell:
            state['cell'] = '.'.join(map(str, self.cell))
        if self.part and self.group != group_of(self.part, ''):
            state['in'] = self.group or WHOLE
        return state


def opening(reading: Reading | None) -> Ladder:
    """The whole machine, and below it a telling number: the largest that the last token takes from
    the tokens before it in the first block, a sum with one term for each of them.
    """
    if not reading:
        return Ladder()
    name = 'h.0.attn.heads'
    return Ladder('', name, (reading.T - 1, int(np.abs(reading.array(name)[-1]).argmax())))


def group_of(name: str, present: str) -> str:
    """The group that a part is drawn in; a tied token table is drawn in two, and stays where the
    reader is.
    """
    layer = layer_of(name)
    if layer is not None:
        return f'h.{layer}'
    if name == 'wte.weight' and present == 'exit':
        return 'exit'
    return 'entry' if part_of(name) in ENTRY else 'exit'


def read(query: dict[str, str], config: GPTConfig, reading: Reading | None) -> Ladder:
    """The ladder of a link; what of it does not exist is left out."""
    at, inside, cell = (query.get(name, '') for name in ('at', 'in', 'cell'))
    groups = ['entry', 'exit', *(f'h.{i}' for i in range(config.n_layer))]
    shapes = parameter_shapes(config) | (
        {it.name: it.shape for it in reading.steps.values()} if reading else {})
    if at in shapes:
        group = one_of(query, 'in', (WHOLE, group_of(at, inside)), group_of(at, ''))
        place = Ladder('' if group == WHOLE else group, at)
        return replace(place, cell=taken(query, 'cell', _cell(cell, shapes[at]), (), ''))
    taken(query, 'cell', None, (), '')  # there is no part that it could be of
    taken(query, 'in', None, '', '')
    if not at:
        return opening(reading)
    return Ladder('' if taken(query, 'at', at if at in (WHOLE, *groups) else None, WHOLE,
                              WHOLE) == WHOLE else at)


def _cell(text: str, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """A place in an array; None where a link gives none that is there."""
    numbers = text.split('.', len(shape))
    index = tuple(piece(it, range(size)) for it, size in zip(numbers, shape))
    return index if len(numbers) == len(shape) and None not in index else None
