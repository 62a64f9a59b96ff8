"""Where the reader stands on the ladder: the whole machine, a group, a part, a cell."""

import math
from dataclasses import dataclass, replace

import numpy as np

from minigpt.arithmetic import Reading
from minigpt.arithmetic.steps import layer_of, part_of
from minigpt.nn.config import GPTConfig
from minigpt.nn.parameters import parameter_shapes
from pages.model.boxes import ENTRY
from pages.settings import piece

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
    at = query.get('at', '')
    if not at:
        return opening(reading)
    groups = ['entry', 'exit', *(f'h.{i}' for i in range(config.n_layer))]
    if at in groups:
        return Ladder(at)
    shapes = parameter_shapes(config) | (
        {it.name: it.shape for it in reading.steps.values()} if reading else {})
    if at not in shapes:
        return Ladder()
    inside = query.get('in', '')
    place = Ladder('' if inside == WHOLE else group_of(at, inside), at)
    index = [piece(it, range(size)) for it, size in zip(
        query.get('cell', '').split('.'), shapes[at])]
    fits = len(index) == len(shapes[at]) and None not in index and (
        query.get('cell', '').count('.') == len(shapes[at]) - 1)
    return replace(place, cell=tuple(index)) if fits and math.prod(shapes[at]) else place
