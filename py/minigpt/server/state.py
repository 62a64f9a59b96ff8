"""The one state that everybody looks at: parameters, the lab, and what is told of them, in order.

Used on one thread, the server's own: whoever computes elsewhere comes back to it first.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from minigpt.errors import ServerError
from minigpt.lab import Lab, shipped_lab
from minigpt.server import modules

KEPT = 10_000  # events that `since` can tell again


@dataclass(frozen=True)
class Change:
    """One atomic set of parameters; `at` in seconds since 1970."""
    seq: int
    module: str
    values: dict[str, object]
    by: str
    at: float


class State:
    """`seq` counts events; each is a JSON-able dict with "type", "seq" and "at".

    `training` (the job's status or None) and `presets` (their names) are part of a snapshot; those
    who own them change them with `tell_training` and `tell_presets`.
    """

    def __init__(self, lab: Lab | None = None, *, seq: int = 0, kept: int = KEPT):
        self.seq = seq
        self.lab = lab or shipped_lab()
        self.training: dict | None = None
        self.presets: list[str] = []
        self._log: deque[dict] = deque(maxlen=kept)
        self._forgotten = seq  # the last event that `since` cannot tell
        self._watchers: list[Callable[[dict], None]] = []
        self._streamers: list[Callable[[dict], None]] = []
        self._modules = modules.of(self.lab)
        self._values = {name: it.defaults() for name, it in self._modules.items()}

    # Parameters

    @property
    def modules(self) -> dict[str, 'modules.Module']:
        """By name; their bounds are those of the present lab."""
        return self._modules

    def module(self, name: str) -> 'modules.Module':
        """The module, or a ServerError that names those there are."""
        if name not in self._modules:
            raise ServerError('unknown_module', got=name, modules=', '.join(self._modules))
        return self._modules[name]

    def values(self, module: str) -> dict[str, object]:
        """All parameters of a module, those at their default too."""
        return dict(self._values[self.module(module).name])

    def set(self, module: str, values: dict[str, object], by: str) -> Change:
        """Set some parameters of a module, all or none. ServerError says what does not fit."""
        checked = self.module(module).check(values, self._values[module])
        self._values[module] |= checked
        event = self.tell('change', module=module, values=checked, by=by)
        return Change(event['seq'], module, checked, by, event['at'])

    def set_many(self, values: dict[str, dict[str, object]], by: str) -> list[Change]:
        """Set parameters of several modules, as a preset does: all are checked before any is."""
        for module, some in values.items():
            self.module(module).check(some, self._values[module])
        return [self.set(module, some, by) for module, some in values.items() if some]

    def restore(self, values: dict[str, dict[str, object]]) -> None:
        """Take up the values of an earlier life, telling nobody; what does not fit is as at first.
        """
        for name, module in self._modules.items():
            self._values[name] = module.fitting(values.get(name, {}))

    # The lab, training and presets

    def set_lab(self, lab: Lab, by: str) -> dict:
        """Look at another lab from now on. Parameters that its model does not allow fall back to
        their defaults, told as changes."""
        self.lab = lab
        self._modules = modules.of(lab)
        event = self.tell('lab', lab=about(lab), by=by)
        for name, module in self._modules.items():
            kept = module.fitting(self._values[name])
            changed = {key: value for key, value in kept.items()
                       if value != self._values[name].get(key)}
            self._values[name] = kept
            if changed:
                self.tell('change', module=name, values=changed, by=by)
        return event

    def tell_training(self, status: dict | None) -> dict:
        """A job's status changed in kind: begun, paused, ended."""
        self.training = status
        return self.tell('training', training=status)

    def tell_presets(self, names: list[str]) -> dict:
        self.presets = list(names)
        return self.tell('presets', presets=self.presets)

    # Telling

    def tell(self, kind: str, **what) -> dict:
        """Log an event under the next number and give it to all who watch."""
        self.seq += 1
        event = {'type': kind, 'seq': self.seq, 'at': time.time(), **what}
        if len(self._log) == self._log.maxlen:
            self._forgotten = self._log[0]['seq']
        self._log.append(event)
        for watcher in list(self._watchers):
            watcher(event)
        return event

    def stream(self, kind: str, **what) -> dict:
        """Tell something frequent (tokens, training steps, metrics): no number, not logged, and
        left out for those who are slow."""
        event = {'type': kind, **what}
        for streamer in list(self._streamers):
            streamer(event)
        return event

    def watch(self, watcher: Callable[[dict], None]) -> Callable[[], None]:
        """Have `watcher` called with every event, in order; call what is returned to end that.
        A watcher may not wait, and may not change the state."""
        return _joined(self._watchers, watcher)

    def watch_streams(self, streamer: Callable[[dict], None]) -> Callable[[], None]:
        """As `watch`, for what `stream` tells."""
        return _joined(self._streamers, streamer)

    def since(self, seq: int) -> list[dict] | None:
        """The events after `seq`, in order; None where some are forgotten, or are not yet: then
        only a snapshot helps."""
        if not self._forgotten <= seq <= self.seq:
            return None
        missed = self.seq - seq
        return list(self._log)[len(self._log) - missed:] if missed else []

    def snapshot(self) -> dict:
        """All of it at once, JSON-able."""
        return {'seq': self.seq, 'lab': about(self.lab), 'training': self.training,
                'presets': list(self.presets),
                'parameters': {name: dict(values) for name, values in self._values.items()}}


def about(lab: Lab) -> dict:
    """What is told of a lab."""
    return {'name': lab.name, 'step': lab.step, 'parameters': lab.model.n_params,
            'config': lab.model.config.to_dict(), 'tokens': lab.tokenizer.vocab_size,
            'characters': len(lab.corpus), 'moments': [step for step, _ in lab.snapshots],
            'shipped': lab is shipped_lab()}


def _joined(listeners: list, listener) -> Callable[[], None]:
    listeners.append(listener)

    def leave() -> None:
        if listener in listeners:
            listeners.remove(listener)
    return leave
