"""The folder dist: written beside its place and swapped in whole, or not at all."""

import hashlib
import json
import os
import shutil
from pathlib import Path

from sitebuild.paths import Paths

MANIFEST = 'build.json'
# In no build's list, so that no copy of the site answers for it: the integration server says there
# that it is one.
UNLISTED = {'server.json'}


def recover(paths: Paths) -> None:
    """Clear away what a killed build left: the old site comes back if the swap was half done."""
    if paths.dist_previous.exists() and not paths.dist.exists():
        os.rename(paths.dist_previous, paths.dist)
    for folder in (paths.dist_previous, paths.dist_next):
        shutil.rmtree(folder, ignore_errors=True)


def replace(paths: Paths, files: dict[str, bytes], **facts) -> None:
    """Make dist hold exactly `files` (path -> content) and the manifest that describes them, and
    says the other `facts` of the build.
    """
    recover(paths)
    try:
        for path, data in files.items():
            file = paths.dist_next / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        manifest = {**facts,
                    'files': {path: {'bytes': len(data),
                                     'sha256': hashlib.sha256(data).hexdigest()}
                              for path, data in sorted(files.items()) if path not in UNLISTED}}
        (paths.dist_next / MANIFEST).write_text(json.dumps(manifest, indent=1) + '\n')
    except BaseException:
        shutil.rmtree(paths.dist_next, ignore_errors=True)
        raise
    if paths.dist.exists():
        os.rename(paths.dist, paths.dist_previous)
    os.rename(paths.dist_next, paths.dist)
    shutil.rmtree(paths.dist_previous, ignore_errors=True)


def is_current(dist: Path, build: str) -> bool:
    """Whether dist was built from the inputs named by `build` and no file changed since."""
    try:
        manifest = json.loads((dist / MANIFEST).read_text())
        return manifest['build'] == build and all(
            hashlib.sha256((dist / path).read_bytes()).hexdigest() == facts['sha256']
            for path, facts in manifest['files'].items())
    except (OSError, ValueError, LookupError, TypeError):  # no dist, or no manifest
        return False
