"""What all tests share."""

import itertools
import os
import time
from collections import Counter
from pathlib import Path

# The files run beside each other, one on each core. BLAS threads that wait for a core which another
# process has make a product of small matrices take hundreds of times as long. Before NumPy comes.
os.environ['OPENBLAS_NUM_THREADS'] = '1'

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

ROOT = Path(__file__).parent.parent

# Every property obeys: `MINIGPT_EXAMPLES=20000 python -m pytest tests/tokenizer tests/chunking`.
settings.register_profile('minigpt', deadline=None,
                          max_examples=int(os.environ.get('MINIGPT_EXAMPLES', 200)))
settings.load_profile('minigpt')


@pytest.fixture(scope='session')
def dist() -> Path:
    """The built site, brought up to date first (quick when it is)."""
    from sitebuild.build import build

    return build(ROOT, wait=True)  # another process of the suite may be at it


@pytest.fixture(params=['coarse', 'stuck', 'still'])
def bad_clock(request, monkeypatch) -> str:
    """time.perf_counter of a guarded browser, in steps of 100 ms; stuck for its first readings; or
    standing still for good, as while the site's snapshot is made.

    So that no test waits long, its time passes 20 times as fast.
    """
    from minigpt.backend import clock

    now, begun, readings = time.perf_counter, time.perf_counter(), itertools.count()

    def read() -> float:
        if request.param == 'still' or request.param == 'stuck' and next(readings) < 5000:
            return 0.0
        return (now() - begun) * 20 // 0.1 * 0.1

    monkeypatch.setattr(time, 'perf_counter', read)
    monkeypatch.setattr(clock, '_known', 0.0)
    if request.param == 'still':
        monkeypatch.setattr(clock, 'READS', 1000)
    return request.param


def pytest_collection_modifyitems(items):
    """The files that take longest first, so that no core is idle at the end: those with a browser,
    then those with many tests."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: ('browser' not in item.path.parts, -tests[item.path]))
