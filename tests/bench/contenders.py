"""Who is measured: a worker in a tab of Chromium, or a Python process on this machine."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass
class InBrowser:
    """A worker script of tests/bench/browser, started at its first turn."""
    tab: Page
    script: str

    def turn(self, name: str, n: int) -> list[float]:
        """Milliseconds of each run, by laps; the first turn also warms up."""
        return self.tab.evaluate('([script, name, n]) => turn(script, name, n)',
                                 [self.script, name, n])


@dataclass
class Native:
    """works.py as a process of its own, with one thread; `who` is one of its contenders."""
    process: subprocess.Popen = field(repr=False)
    who: str

    def turn(self, name: str, n: int) -> list[float]:
        print(json.dumps([self.who, name, n]), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError('works.py ended; its error stands above')
        return json.loads(answer)


@contextmanager
def native():
    """Two contenders in one process, ended at the end: minigpt's NumPy backend, and plain NumPy."""
    environment = os.environ | {'PYTHONPATH': str(ROOT / 'py'), 'OPENBLAS_NUM_THREADS': '1',
                                'MINIGPT_BACKEND': 'numpy'}
    with subprocess.Popen([sys.executable, HERE / 'works.py'], env=environment, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Native(process, 'numpy'), Native(process, 'plain')
        process.stdin.close()
