"""One build at a time in one checkout; the system lets go of the lock when its holder dies."""

import os
from contextlib import contextmanager
from pathlib import Path

from sitebuild.errors import BuildError

if os.name == 'nt':
    import msvcrt

    def _seize(file, wait):
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _seize(file, wait):
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


@contextmanager
def only_one(folder: Path, wait: bool = False):
    """Hold the lock file in `folder` during the block; BuildError if another process has it, unless
    one is to `wait` for that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / 'build.lock', 'a') as file:
        try:
            _seize(file, wait)
        except OSError:
            raise BuildError('another build is running in this folder; '
                             'wait until it has ended, then run this again.') from None
        yield
