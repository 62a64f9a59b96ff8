"""A folder for work in progress, empty at the start and gone at the end."""

import shutil
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(folder: Path):
    """Yield `folder`, made new; its fixed name lets the next build clear what a killed one left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
