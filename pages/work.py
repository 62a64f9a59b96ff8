"""Long work on a page: an iterator taken step by step, with the reader's messages in between."""

import asyncio
import contextlib
import contextvars
import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterator

SHARE = 4        # of the time, painting takes one part in so many…
SHORTEST = 0.05  # …with so many seconds from one paint to the next at least, which look like none…
LONGEST = 0.1    # …and at most
TURN = 0.01      # seconds of steps in a row before the reader's messages have their turn
# A busy browser puts timers, such as the one that saves the lab, behind all that is due at once. They
# have their turn in a pause: so many seconds (up to 0.002 are none to Pyodide) after so many of work.
REST, REST_EVERY = 0.005, 0.2

# Where readers come and go: all work that the present one's pages have begun.
begun: contextvars.ContextVar[weakref.WeakSet | None]
begun = contextvars.ContextVar('begun', default=None)

_running: weakref.WeakSet['Work'] = weakref.WeakSet()


class Work:
    """One piece of work at a time; starting another, or stopping, ends the one before.

    `paint` is called as the work goes on, and once when it is over; `failed`, a method of the page
    whose work it is, with an error that ended it.
    """

    def __init__(self, paint: Callable[[], None], failed: Callable[[Exception], None]):
        self._paint, self._failed = paint, failed
        self._task: asyncio.Task | None = None
        self.steps = 0
        self.per_second: float | None = None  # measured, painting included

    @property
    def running(self) -> bool:
        return self._task is not None

    def start(self, steps: Iterator | AsyncIterator) -> None:
        """Take all steps, in the running event loop; a stream of minigpt's may wait for a device."""
        self.stop()
        self._task = asyncio.ensure_future(self._go(steps))
        _running.add(self)
        if begun.get() is not None:
            begun.get().add(self._task)
        self._paint()

    def now(self, steps: Iterator) -> None:
        """Take all steps at once, before anything else happens."""
        self.stop()
        started = time.perf_counter()
        self.steps = sum(1 for _ in steps)
        if self.steps:
            self.per_second = self._speed(time.perf_counter() - started)

    def stop(self) -> None:
        if self._task:
            self._task.cancel()
            self._task = None

    def is_of(self, page) -> bool:
        """Whether it tells this page of its failures."""
        return getattr(self._failed, '__self__', None) is page

    def _speed(self, seconds: float) -> float | None:
        """Steps a second; None while the clock, coarse in browsers, has not moved on."""
        return self.steps / seconds if seconds > 0 else None

    async def _go(self, steps: Iterator | AsyncIterator) -> None:
        started = turn = time.perf_counter()
        due, rest, self.steps = started + SHORTEST, started + REST_EVERY, 0
        try:
            async with contextlib.aclosing(in_turns(steps)) as turns:
                async for _ in turns:
                    self.steps += 1
                    now = time.perf_counter()
                    self.per_second = self._speed(now - started)
                    if now >= due:
                        self._paint()
                        painted = time.perf_counter()
                        pause = min(LONGEST, (SHARE - 1) * (painted - now))
                        due = painted + max(SHORTEST, pause)
                    now = time.perf_counter()
                    if now >= rest:
                        await asyncio.sleep(REST)
                        rest = time.perf_counter() + REST_EVERY
                    elif now >= turn:
                        await asyncio.sleep(0)
                    else:
                        continue
                    turn = time.perf_counter() + TURN
        except Exception as error:
            self._failed(error)
        finally:
            if self._task is asyncio.current_task():
                self._task = None
                self._paint()


def running_for(page) -> list[Work]:
    """The page's long work that is going on, that of its parts included."""
    return [it for it in list(_running) if it.running and it.is_of(page)]


async def in_turns(steps: Iterator | AsyncIterator):
    """The steps, letting other work go on while one has to wait. A stream is closed at the end."""
    if not hasattr(steps, '__aiter__'):
        for step in steps:
            yield step
        return
    try:
        async for step in steps:
            yield step
    finally:
        await steps.aclose()
