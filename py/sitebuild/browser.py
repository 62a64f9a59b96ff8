"""A Chromium for the tests: the one on PATH, or Debian's where it can be installed."""

import os
import shutil

from sitebuild.errors import BuildError
from sitebuild.progress import step
from sitebuild.run_tool import run_tool

NAMES = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome')


def find() -> str | None:
    """The path of a Chromium or Chrome, if there is one on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure() -> str:
    """Return a Chromium's path, installing Debian's package first where that is possible."""
    if not find():
        if not (shutil.which('apt-get') and hasattr(os, 'geteuid') and os.geteuid() == 0):
            raise BuildError('the browser tests need Chromium or Chrome on PATH; '
                             'install one, then run this again.')
        with step('Chromium (apt-get install chromium)'):
            for command in (['update'], ['install', '--yes', '--no-install-recommends',
                                         'chromium']):
                run_tool(['apt-get', *command], 'apt-get could not install chromium',
                         env=os.environ | {'DEBIAN_FRONTEND': 'noninteractive'})
    return find()
