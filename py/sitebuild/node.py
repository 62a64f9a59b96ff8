"""Node and npm: check that they are there, then let npm bring what package-lock.json pins."""

import hashlib
import os
import shutil
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.progress import step
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch

OLDEST = 20
INPUTS = ('package.json', 'package-lock.json', '.npmrc')


def complaint(version: str) -> str:
    """Return one sentence when `version` (what `node --version` prints) is too old, else ''."""
    major = version.strip().removeprefix('v').split('.')[0]
    if major.isdigit() and int(major) >= OLDEST:
        return ''
    return (f'Node {OLDEST} or newer is needed and this is {version.strip() or "unknown"}; '
            'install a newer Node, then run this again.')


def find_node() -> str:
    """Return the path of a Node that is new enough, or raise BuildError."""
    node = shutil.which('node')
    if not node:
        raise BuildError(f'Node was not found; install Node {OLDEST} or newer '
                         '(npm comes with it), then run this again.')
    problem = complaint(run_tool([node, '--version'], 'Node does not start'))
    if problem:
        raise BuildError(problem)
    return node


def ensure(paths: Paths) -> None:
    """The npm packages of the site."""
    install(paths.root, paths.cache, 'npm packages (node_modules)')


def install(home: Path, cache: Path, title: str) -> None:
    """Make the node_modules of `home` match its package-lock.json.

    A failing npm leaves the old one in place.
    """
    node_modules = home / 'node_modules'
    stamp_file = node_modules / 'minigpt-lock.sha256'
    stamp = hashlib.sha256(b''.join((home / name).read_bytes() for name in INPUTS))
    if stamp_file.exists() and stamp_file.read_text() == stamp.hexdigest():
        return
    npm = shutil.which('npm')
    if not npm:
        raise BuildError('npm was not found; it usually comes with Node '
                         '(on Debian it is the package npm), then run this again.')
    with step(title), scratch(cache / 'npm') as folder:
        _install(npm, home, folder)
        (folder / 'node_modules' / stamp_file.name).write_text(stamp.hexdigest())
        shutil.rmtree(node_modules, ignore_errors=True)
        os.replace(folder / 'node_modules', node_modules)


def _install(npm: str, home: Path, folder: Path) -> None:
    for name in INPUTS:
        shutil.copy(home / name, folder / name)
    run_tool([npm, 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1'],
             'npm could not install the packages of package-lock.json; check the network '
             'or npm\'s registry setting, then run this again', cwd=folder)
