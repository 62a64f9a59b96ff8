"""Measure the built site in Chromium, beside native Python and other libraries for the browser."""

import os
import subprocess
import sys

from sitebuild import browser, node
from sitebuild.paths import Paths

FOLDER = 'tests/bench'
OTHERS = ('boot', 'felt', 'plateau')  # each a script of its own


def bench(paths: Paths, options: list[str]) -> int:
    """Run tests/bench/side_by_side.py with the options, or another's script where one is named;
    exit code."""
    browser.ensure()
    script = 'side_by_side.py'
    if options and options[0] in OTHERS:
        script, options = f'{options[0]}.py', options[1:]
    elif not {'--site', '--help', '-h'} & set(options):
        node.install(paths.rivals, paths.cache, 'npm packages (rivals)')
    # One thread each, unless a row says otherwise.
    environment = os.environ | {'OPENBLAS_NUM_THREADS': '1'}
    return subprocess.call([sys.executable, paths.root / FOLDER / script, *options],
                           cwd=paths.root, env=environment)
