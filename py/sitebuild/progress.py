"""One line per step on standard error: its name, then how it went and the time it took."""

import sys
import threading
import time
from contextlib import contextmanager

TICK_SECONDS = 1.0


class Step:
    """A running step; set `detail` to say on its line what was done."""

    detail = 'done'


@contextmanager
def step(title: str):
    """Print `title` at once and, when the block ends, its detail and seconds on the same line."""
    started = time.perf_counter()
    this = Step()
    ended = threading.Event()
    print(f'{title} …', end='', file=sys.stderr, flush=True)
    ticker = threading.Thread(target=_tick, args=(title, started, ended), daemon=True)
    if sys.stderr.isatty():
        ticker.start()
    try:
        yield this
    except BaseException:
        this.detail = 'stopped'
        raise
    finally:
        ended.set()
        if ticker.is_alive():
            ticker.join()
        rewind = '\r' if sys.stderr.isatty() else ''
        seconds = time.perf_counter() - started
        line = f'{title} … ' if rewind else ' '
        print(f'{rewind}{line}{this.detail}, {seconds:.1f} s', file=sys.stderr, flush=True)


def _tick(title, started, ended):
    while not ended.wait(TICK_SECONDS):
        print(f'\r{title} … {time.perf_counter() - started:.0f} s', end='',
              file=sys.stderr, flush=True)
