"""The project's own Python environment: .venv, with exactly what requirements.txt pins."""

import hashlib
import shutil
import sys
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.python_version import complaint


def ensure(root) -> Path:
    """Return the path of .venv's interpreter; make or update the environment first if need be.

    Quick when it is up to date: two small files are read. Raises BuildError, leaving no
    half-made environment behind, if Python is too old or the packages cannot be installed.
    """
    paths = Paths(Path(root).resolve())
    problem = complaint(sys.version_info)
    if problem:
        raise BuildError(problem)
    if not is_current(paths):
        # Imported here because a command with a ready environment should not pay for them.
        from sitebuild.lock import only_one
        from sitebuild.progress import step
        with only_one(paths.cache), step('Python environment (.venv)') as this:
            this.detail = _make(paths)
    return paths.venv_python


def is_current(paths: Paths) -> bool:
    """Whether .venv holds what requirements.txt asks for and its interpreter is still there."""
    try:
        return _stamp_file(paths).read_text() == _stamp(paths) and paths.venv_python.exists()
    except FileNotFoundError:
        return False


def is_running_in(paths: Paths) -> bool:
    """Whether this very process runs on .venv's interpreter."""
    return Path(sys.prefix).resolve() == paths.venv.resolve()


def _stamp_file(paths: Paths) -> Path:
    return paths.venv / 'minigpt-requirements.sha256'


def _stamp(paths: Paths) -> str:
    return hashlib.sha256((paths.root / 'requirements.txt').read_bytes()).hexdigest()


def _make(paths: Paths) -> str:
    from sitebuild.run_tool import run_tool

    reusable = _stamp_file(paths).exists() and paths.venv_python.exists()
    try:
        if not reusable:
            if is_running_in(paths):
                raise BuildError('.venv was not made by this project; '
                                 'leave it (deactivate) and run this again.')
            run_tool([sys.executable, '-m', 'venv', '--clear', paths.venv],
                     'the folder .venv could not be made; on Debian and Ubuntu install '
                     'the package python3-venv, then run this again')
        run_tool([paths.venv_python, '-m', 'pip', 'install', '--disable-pip-version-check',
                  '--no-deps', '--retries', '2', '-r', paths.root / 'requirements.txt'],
                 'pip could not install the packages of requirements.txt; check the network '
                 'or pip\'s index settings, then run this again')
    except BaseException:
        if not reusable:
            shutil.rmtree(paths.venv, ignore_errors=True)
        raise
    _stamp_file(paths).write_text(_stamp(paths))
    return 'updated' if reusable else 'made'
