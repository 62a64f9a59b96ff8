"""Bug hunts: a mistake is planted in a copy of the library's source; tests judge the mending.

The copy is the whole file as it is today, with one passage changed. It runs as a module of its own
beside the library, which stays as it was.
"""

import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from minigpt.teach.exercises import Exercise, Verdict, executed, tried

PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class BugHunt(Exercise):
    """`right` stands once in `file` (below py/minigpt) and becomes `wrong`.

    `judge(module)` measures the mended copy: a number, right where it is at most `limit`.
    """
    file: str
    right: str
    wrong: str
    judge: Callable[[types.ModuleType], float]
    limit: float

    @property
    def starter(self) -> str:
        """The file with the mistake in it; ValueError if the passage is not there just once."""
        source = (PACKAGE / self.file).read_text(encoding='utf-8')
        if source.count(self.right) != 1:
            raise ValueError(f'{self.file} has {self.right!r} {source.count(self.right)} times')
        return source.replace(self.right, self.wrong)

    def check(self, answer: str) -> Verdict:
        module, problem = loaded(answer, self.file)
        return problem or tried(lambda: self.measured(module))

    def measured(self, module: types.ModuleType) -> Verdict:
        """What the judge says of a mended copy."""
        measured = float(self.judge(module))
        mended = measured <= self.limit
        return Verdict(mended, 'mended' if mended else 'still_wrong',
                       {'measured': measured, 'limit': self.limit})


def loaded(source: str, file: str) -> tuple[types.ModuleType, Verdict | None]:
    """The source as a module; what went wrong, if anything did.

    Kernels of the copy stay out of the library's table of kernels: they are plain functions here.
    """
    name = 'bug_hunt_' + file.removesuffix('.py').replace('/', '_')
    module = types.ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module  # dataclasses look their module up by name
    try:
        _, problem = executed(source.replace('\n@kernel\n', '\n'), module.__dict__)
    finally:
        del sys.modules[name]
    return module, problem
