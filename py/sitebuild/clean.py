"""Remove everything that a build makes and git ignores."""

import shutil

from sitebuild.lock import only_one
from sitebuild.paths import Paths


def clean(paths: Paths) -> None:
    """Remove dist, the caches, .venv and node_modules; the next build makes them again."""
    with only_one(paths.cache):
        for folder in (paths.dist, paths.portable, paths.dist_next, paths.dist_previous, paths.venv,
                       paths.node_modules, paths.rivals / 'node_modules'):
            shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(paths.cache, ignore_errors=True)
