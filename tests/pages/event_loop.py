"""An event loop around a test: pages go on with their long work in one."""

import asyncio
import functools
import inspect


def in_an_event_loop(test):
    """The test, an ordinary function or an `async` one, run inside a loop of its own."""
    @functools.wraps(test)
    def run(*arguments, **fixtures):
        async def inside():
            done = test(*arguments, **fixtures)
            if inspect.isawaitable(done):
                await done
        asyncio.run(inside())
    return run
