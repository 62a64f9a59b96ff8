"""Where a program spends its time and memory, by looking at it many times a second.

A thread of its own looks which functions are running (a sampling profiler): what is found in a
tenth of the looks takes about a tenth of the time. Nothing is slowed down but by the looking, and
NumPy's own loops are counted with the function that called them.
"""

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.002      # seconds between two looks
MEMORY_EVERY = 5      # looks between two looks at memory
WAITING = ('threading', 'concurrent.', 'queue', 'selectors')
MACHINERY = ('importlib', 'runpy', 'threading', 'concurrent.', 'contextlib', '__main__')
Stack = tuple[str, ...]  # outermost function first: 'minigpt.nn.model.GPT.forward'


@dataclass(frozen=True)
class Profile:
    """`stacks`: how often each stack was seen. `memory`: (seconds, resident bytes) over time."""
    stacks: Counter
    seconds: float
    memory: tuple[tuple[float, int], ...]

    def by_part(self) -> list[tuple[str, float]]:
        """(module of minigpt, seconds), the slowest first: each look counts for the innermost of
        our modules on the stack; what runs outside all of them is 'other'."""
        parts: Counter = Counter()
        for stack, count in self.stacks.items():
            parts[part_of(stack)] += count
        looks = sum(parts.values()) or 1
        return [(part, self.seconds * count / looks) for part, count in parts.most_common()]

    def folded(self) -> str:
        """One line a stack, 'a;b;c 12', as flamegraph tools read it."""
        return ''.join(f'{";".join(stack)} {count}\n'
                       for stack, count in sorted(self.stacks.items()))


def part_of(stack: Stack) -> str:
    """'nn.attention' for a stack whose innermost function of ours stands there."""
    for name in reversed(stack):
        if name.startswith('minigpt.'):
            module = name.partition(':')[0]
            return module.removeprefix('minigpt.')
    return 'other'


class Profiler:
    """`with Profiler() as profiler: work()`, then `profiler.profile`."""

    def __init__(self, interval: float = INTERVAL):
        self._interval = interval
        self._over = threading.Event()
        self._stacks: Counter = Counter()
        self._memory: list[tuple[float, int]] = []
        self.looks = 0  # so far
        self.profile: Profile | None = None

    def __enter__(self):
        self._started = time.perf_counter()
        self._thread = threading.Thread(target=self._look, name='profiler', daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self.profile = Profile(self._stacks, time.perf_counter() - self._started,
                               tuple(self._memory))

    def _look(self) -> None:
        while True:
            if self.looks % MEMORY_EVERY == 0:
                self._memory.append((time.perf_counter() - self._started, resident_bytes()))
            for thread, frame in sys._current_frames().items():
                if thread != threading.get_ident() and (stack := named(frame)):
                    self._stacks[stack] += 1
            self.looks += 1
            if self._over.wait(self._interval):
                return


def named(frame) -> Stack:
    """The functions of a thread, outermost first; none for a thread that only waits.

    Python's own machinery (imports, the start of threads) is left out: it makes stacks deep and
    tells nothing.
    """
    names = []
    while frame is not None:
        module = frame.f_globals.get('__name__', '?')
        if not names and module.startswith(WAITING):
            return ()
        if not module.startswith(MACHINERY):
            names.append(f'{module}:{frame.f_code.co_qualname}')
        frame = frame.f_back
    return tuple(reversed(names))


def resident_bytes() -> int:
    """The memory that the process holds now; where the system does not tell, its peak, or 0."""
    try:
        pages = int(Path('/proc/self/statm').read_text().split()[1])
    except OSError:
        return peak_resident()
    import resource
    return pages * resource.getpagesize()


def peak_resident() -> int:
    """The most that the process has held, from getrusage: bytes on macOS, kB elsewhere."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == 'darwin' else 1024 * peak
