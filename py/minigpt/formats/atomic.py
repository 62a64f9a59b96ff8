"""Write a file whole or not at all, and clear away what a killed writer left beside it."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: what a killed writer left stays there
    fcntl = None

UNFINISHED = '.part'
RANDOM = re.compile('[a-z0-9_]{8}')  # what mkstemp puts between prefix and suffix


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside the target, flush to the disk, then rename over it in one step.

    A reader sees the old file or the new one, whatever happens meanwhile. Then what writers of the
    same path that were killed have left is removed. OSError where the disk refuses.
    """
    try:
        handle, temporary = locked_file_beside(path)
    except OSError as error:
        error.filename = str(path)  # whoever asked for the file knows no other beside it
        raise
    try:
        with os.fdopen(handle, 'wb') as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            if not fcntl:
                file.close()  # Windows renames no open file
            os.replace(temporary, path)  # still locked, so that nobody takes it for a leftover
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    with contextlib.suppress(OSError):  # the file itself is written
        remove_leftovers(path)


def locked_file_beside(path: Path) -> tuple[int, str]:
    """(handle, name) of a new file that is locked as long as its handle is open."""
    while True:
        handle, temporary = tempfile.mkstemp(UNFINISHED, prefix_of(path), path.parent)
        locked(handle, wait=True)
        if os.path.exists(temporary):  # not removed by another writer before the lock
            return handle, temporary
        os.close(handle)


def prefix_of(path: Path) -> str:
    return f'.{path.name}-'


def locked(handle: int, wait: bool = False) -> bool:
    """Try to lock an open file. The lock ends with its process, however that ends."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (AttributeError, OSError):  # no locks here, or another has it
        return False
    return True


def remove_leftovers(path: Path) -> None:
    """Remove unfinished files of this path that nobody is writing: those that can be locked."""
    prefix = prefix_of(path)
    for name in os.listdir(path.parent):
        middle = name[len(prefix):-len(UNFINISHED)]
        if name != prefix + middle + UNFINISHED or not RANDOM.fullmatch(middle):
            continue
        with contextlib.suppress(OSError), open(path.parent / name, 'rb+') as leftover:
            if locked(leftover.fileno()):
                (path.parent / name).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut, where folders can be opened (not on Windows)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
