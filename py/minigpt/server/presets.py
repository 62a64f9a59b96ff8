"""Presets: values of one or several modules under a name, kept with the state."""

import re
from dataclasses import dataclass

from minigpt.errors import ServerError
from minigpt.server.state import Change, State

NAME = re.compile(r'[\w][\w .,()+-]{0,59}')
SHIPPED = {
    'training-small': {'training': {}},
    'training-medium': {'training': {'vocab_size': 800, 'n_embd': 96, 'n_layer': 3,
                                     'learning_rate': 2e-3, 'steps': 1000}},
    'training-million': {'training': {'vocab_size': 1600, 'n_embd': 128, 'n_layer': 4,
                                      'learning_rate': 2e-3, 'batch_size': 8, 'steps': 1000}},
    'training-llama': {'training': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu',
                                    'n_kv_head': 2, 'tied_head': False}},
    'inference-greedy': {'inference': {'temperature': 0.0, 'top_k': None, 'top_p': None,
                                       'min_p': None}},
    'inference-free': {'inference': {'temperature': 1.2, 'top_k': None, 'top_p': 0.95,
                                     'min_p': None}},
}


@dataclass(frozen=True)
class Preset:
    """`shipped`: it comes with minigpt, and stays as it is."""
    name: str
    values: dict[str, dict]
    by: str
    shipped: bool = False

    def told(self) -> dict:
        return {'name': self.name, 'shipped': self.shipped, 'by': self.by, 'values': self.values}


class Presets:
    """`kept`: name → {"values", "by"}, changed in place; the state is told of each change."""

    def __init__(self, state: State, kept: dict[str, dict], most: int):
        self.state, self.kept, self.most = state, kept, most
        state.presets = self.names()

    def names(self) -> list[str]:
        return [it.name for it in self.all()]

    def all(self) -> list[Preset]:
        """Those that come with minigpt first; with all values, as they are applied."""
        ours = [Preset(name, {module: self.state.module(module).defaults() | values
                              if module == 'training' else values
                              for module, values in modules.items()}, 'minigpt', True)
                for name, modules in SHIPPED.items()]
        return ours + [Preset(name, it['values'], it['by']) for name, it in self.kept.items()]

    def find(self, name: str) -> Preset:
        """The preset, or a ServerError that names those there are."""
        found = next((it for it in self.all() if it.name == name), None)
        if found is None:
            raise ServerError('unknown_preset', got=name[:60], presets=', '.join(self.names()))
        return found

    def save(self, name: str, values: dict[str, dict], by: str) -> Preset:
        """Keep values, in the place of those under this name. ServerError for a name or values
        that cannot be, or where there are too many."""
        if not NAME.fullmatch(name):
            raise ServerError('bad_preset_name', got=name[:60])
        if name in SHIPPED:
            raise ServerError('preset_is_shipped', name=name)
        if name not in self.kept and len(self.kept) >= self.most:
            raise ServerError('too_many_presets', most=self.most)
        if not values:
            raise ServerError('preset_empty')
        checked = {module: self.state.module(module).check(some, self.state.values(module))
                   for module, some in values.items()}
        self.kept[name] = {'values': checked, 'by': by}
        self._changed()
        return self.find(name)

    def apply(self, name: str, by: str) -> list[Change]:
        """Set all it holds, or nothing: the present lab may not allow some of it."""
        return self.state.set_many(self.find(name).values, by)

    def delete(self, name: str) -> None:
        """ServerError for one that is not there or comes with minigpt."""
        if self.find(name).shipped:
            raise ServerError('preset_is_shipped', name=name)
        del self.kept[name]
        self._changed()

    def _changed(self) -> None:
        self.state.tell_presets(self.names())
