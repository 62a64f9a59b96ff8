"""What the reader changed in the model's attention, and how a link carries it."""

from dataclasses import dataclass, replace

from minigpt.nn.changes import Change, cut, forced, tempered, together, unmasked, without_head
from minigpt.nn.config import GPTConfig
from pages.settings import Knob, each, one_of, piece

TEMPERATURE = Knob('temp', 1, 0.1, 5, 0.1, digits=1)
MOST = 64  # heads switched off, or weights changed, that a link may hold
INDEX = range(10 ** 5)  # of a block, a head or a token: more than any model has
LISTS = ('off', 'forced', 'cut')
Head = tuple[int, int]              # layer, head
Weight = tuple[int, int, int, int]  # layer, head, who looks, at whom


@dataclass(frozen=True)
class WhatIf:
    """Changes, all at once. As it is made, it changes nothing."""
    temperature: float = 1
    mask: bool = True
    off: tuple[Head, ...] = ()
    forced: tuple[Weight, ...] = ()
    cut: tuple[Weight, ...] = ()

    @property
    def active(self) -> bool:
        return self != WhatIf()

    def change(self, config: GPTConfig) -> Change:
        """For a forward pass over a text that is long enough: see `fitting`."""
        steps = [] if self.mask else [unmasked()]
        steps += [cut(*it) for it in self.cut]
        steps += [] if self.temperature == 1 else [tempered(self.temperature)]
        steps += [forced(*it) for it in self.forced]
        return together(*steps, *(without_head(*it, config) for it in self.off))

    def fitting(self, config: GPTConfig, T: int) -> 'WhatIf':
        """Without what this model or a text of T tokens does not have."""
        def here(it) -> bool:
            return it[0] < config.n_layer and it[1] < config.n_head and max(it[2:], default=0) < T
        return replace(self, **{name: tuple(filter(here, getattr(self, name)))
                                for name in LISTS})

    def toggled(self, name: str, it: Head | Weight) -> 'WhatIf':
        """With this head or weight among the changes called `name`, or no longer."""
        present = getattr(self, name)
        rest = tuple(other for other in present if other != it)
        return replace(self, **{name: rest if it in present else (*present, it)})

    def with_forced(self, weight: Weight) -> 'WhatIf':
        """A token gives all of its attention to one: another one forced on it before gives way."""
        if weight in self.forced:
            return self.toggled('forced', weight)
        others = tuple(it for it in self.forced if it[:3] != weight[:3])
        return replace(self, forced=(*others, weight))


def write(changes: WhatIf) -> dict[str, str]:
    """What `read` reads; what is as at first is left out."""
    state = {'temp': TEMPERATURE.write(changes.temperature) if changes.temperature != 1 else '',
             'mask': '' if changes.mask else 'off'}
    for name in LISTS:
        state[name] = '-'.join(map(_spelled, getattr(changes, name)))
    return {key: value for key, value in state.items() if value}


def _spelled(numbers: Head | Weight) -> str:
    return '.'.join(map(str, numbers))


def read(query: dict[str, str]) -> WhatIf:
    """The changes in a link; what makes no sense is passed over."""
    return WhatIf(TEMPERATURE.read(query), one_of(query, 'mask', ('on', 'off'), 'on') == 'on',
                  _tuples(query, 'off', 2), _tuples(query, 'forced', 4), _tuples(query, 'cut', 4))


def _tuples(query: dict[str, str], key: str, length: int) -> tuple:
    """As many of a list as there may be."""
    found = {}

    def read(text: str) -> bool | None:
        numbers = [piece(it, INDEX) for it in text.split('.', length)]
        if len(numbers) != length or None in numbers or len(found) == MOST:
            return None
        found[tuple(numbers)] = True
        return True

    each(query, key, query.get(key, '').split('-'), read)
    return tuple(found)


def note_unfit(query: dict[str, str], wanted: WhatIf, used: WhatIf) -> None:
    """What of the changes in a link this model, or the text, has no place for."""
    for name in LISTS:
        unfit = [it for it in getattr(wanted, name) if it not in getattr(used, name)]
        each(query, name, map(_spelled, unfit), lambda _: None)
