"""A copy of minigpt's network whose source may be edited; nothing outside it changes.

The modules of `minigpt.nn` are compiled once more from their files, with the edited function in
the place of the true one, and import each other instead of the originals. The copy computes in
plain NumPy: no backend learns of it.
"""

import ast
import builtins
import inspect
import sys
import types
from collections.abc import Callable, Mapping

import numpy as np

from minigpt import backend
from minigpt.nn.model import GPT
from minigpt.nn.trace import Trace
from minigpt.teach.guard import Clock, watched

COPIED = 'minigpt.nn.'
SECONDS = 5.0  # for one forward pass of edited code


def original(function: Callable) -> str:
    """The text of a function as it stands in its file."""
    return inspect.getsource(inspect.unwrap(function))


class NetworkCopy:
    """Modules of minigpt.nn with edits: function of minigpt → its new text, which parses.

    `place(module, line)` finds a line of the reader's own in a traceback.
    """

    def __init__(self, edits: Mapping[Callable, str] = {}):
        self._edits = {(inspect.unwrap(it).__module__, it.__name__): (inspect.unwrap(it), text)
                       for it, text in edits.items()}
        self._modules: dict[str, types.ModuleType] = {}
        self._ranges: dict[str, list[tuple[int, int, str]]] = {}  # module → first, last, function
        self._clock = Clock()

    def forward(self, model: GPT, ids: np.ndarray) -> Trace:
        """A traced pass of the copy with the model's own weights, which it cannot write to."""
        weights = model.flat.view()
        weights.flags.writeable = False
        trace = Trace()
        self._clock.begin(SECONDS)  # what stands beside the functions runs while modules load
        whole, ops = self.load('minigpt.nn.model'), self.load('minigpt.nn.ops')
        self._clock.begin(SECONDS)
        with np.errstate(all='ignore'):  # what comes of it is shown as it is: ∞ or no number
            logits = whole.GPT(model.config, flat=weights).forward(ids[None], trace=trace)
            trace['shares'] = ops.softmax_forward(logits)[0]
        return trace

    def place(self, file: str, line: int) -> tuple[str, int] | None:
        """The edited function and the line in its text, for a line of a compiled module."""
        for first, last, name in self._ranges.get(file, ()):
            if first <= line <= last:
                return name, line - first + 1
        return None

    def load(self, name: str) -> types.ModuleType:
        """The copy of a module, compiled when it is first asked for."""
        if name not in self._modules:
            module = self._modules[name] = types.ModuleType(name)
            module.__dict__.update(self._clock.names, __file__=name, __builtins__=vars(builtins) | {
                '__import__': self._imported})
            exec(compile(self._tree(name), name, 'exec'), module.__dict__)
        return self._modules[name]

    def _tree(self, name: str) -> ast.Module:
        """The module's source, edits put in and watched."""
        __import__(name)
        lines = inspect.getsource(sys.modules[name]).splitlines(keepends=True)
        ours = []
        here = [it for (module, _), it in self._edits.items() if module == name]
        for function, text in sorted(here, key=lambda it: -inspect.getsourcelines(it[0])[1]):
            old, first = inspect.getsourcelines(function)
            new = (text.rstrip('\n') + '\n').splitlines(keepends=True)
            grown = len(new) - len(old)
            ours = [(a + grown, b + grown, it) for a, b, it in ours]  # they stand below
            ours.append((first, first + len(new) - 1, function.__name__))
            lines[first - 1:first - 1 + len(old)] = new
        self._ranges[name] = ours
        tree = ast.parse(''.join(lines), name)
        for first, last, _ in ours:
            tree = watched(tree, first, last)
        return tree

    def _imported(self, name: str, globals=None, locals=None, fromlist=(), level=0):
        """What `import` gives inside the copy."""
        if name.startswith(COPIED) and fromlist:
            return self.load(name)
        if name == 'minigpt.backend' and fromlist:
            return _PLAIN
        return builtins.__import__(name, globals, locals, fromlist, level)


class _PlainBackend(types.ModuleType):
    """The backend as the copy sees it: a kernel is the NumPy function that is written there."""

    kernel = staticmethod(lambda function: function)
    matmul = staticmethod(inspect.unwrap(backend.matmul))

    def __getattr__(self, name: str):
        return getattr(backend, name)


_PLAIN = _PlainBackend('minigpt.backend')
