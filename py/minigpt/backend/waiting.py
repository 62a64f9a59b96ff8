"""Work that may have to wait for numbers on their way back from a graphics card.

One core, two drivers. The core is a generator of events; where it needs numbers that JavaScript
has promised it yields a `Wait`, and gets them as the value of that `yield`:

    numbers = yield Wait(promise)

`for event in Steps(core)` waits in place, which a browser allows only with JSPI (JavaScript Promise
Integration); `async for event in Steps(core)` works everywhere and lets other work go on meanwhile.
Work on the CPU never yields a Wait, so both drivers are then a plain loop.
"""

from collections.abc import Awaitable, Generator

from minigpt.backend.absent import CannotWait


class Wait:
    """A JavaScript promise that a generator's driver is to resolve."""

    def __init__(self, promise: Awaitable):
        self._promise = promise

    def __await__(self):
        return self._promise.__await__()

    def now(self):
        """Wait in place for what was promised; CannotWait where that is impossible."""
        from pyodide.ffi import can_run_sync, run_sync
        if not can_run_sync():
            raise CannotWait
        return run_sync(self._promise)


class Steps:
    """A core's events, to be taken with `for` or with `async for`.

    An error of the promise is raised in the core, at its `yield`, so that the core may go on by
    other means.
    """

    def __init__(self, core: Generator):
        self._core = core

    def __iter__(self):
        return self

    def __next__(self):
        return self._advance(self._core.send, None)

    def _advance(self, resume, value):
        item = resume(value)
        while isinstance(item, Wait):
            try:
                resume, value = self._core.send, item.now()
            except Exception as error:
                resume, value = self._core.throw, error
            item = resume(value)
        return item

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self._advance_async(self._core.send, None)

    async def _advance_async(self, resume, value):
        try:
            item = resume(value)
            while isinstance(item, Wait):
                try:
                    resume, value = self._core.send, await item
                except Exception as error:
                    resume, value = self._core.throw, error
                item = resume(value)
        except StopIteration as end:  # which must not leave a coroutine
            raise StopAsyncIteration(end.value) from None
        return item

    def event(self) -> Generator:
        """A core that returns the next event: so another core can take them one by one."""
        resume, value = self._core.send, None
        while isinstance(item := resume(value), Wait):
            try:
                resume, value = self._core.send, (yield item)
            except Exception as error:
                resume, value = self._core.throw, error
        return item

    def close(self) -> None:
        """End the work. The core sees GeneratorExit, and may still wait to bring its results home."""
        try:
            self._advance(self._core.throw, GeneratorExit())
            while True:
                self._advance(self._core.send, None)
        except (GeneratorExit, StopIteration):
            pass

    async def aclose(self) -> None:
        """The same for `async for`."""
        try:
            await self._advance_async(self._core.throw, GeneratorExit())
            while True:
                await self._advance_async(self._core.send, None)
        except (GeneratorExit, StopAsyncIteration):
            pass

    def __del__(self):
        self.close()


def finish(core: Generator):
    """Run a core to its end, waiting in place; returns what it returns."""
    steps = Steps(core)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
