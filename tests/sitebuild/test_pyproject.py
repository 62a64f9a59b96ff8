"""`pip install .` takes all of py/minigpt with its data, and requires NumPy alone."""

import re
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from sitebuild.bundle import DATA
from sitebuild.run_tool import run_tool

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='module')
def wheel(tmp_path_factory):
    """The names of the files in our own wheel, built from a copy because setuptools litters."""
    copy = tmp_path_factory.mktemp('checkout')
    for name in ('pyproject.toml', 'setup.py', 'README.md', 'LICENSE'):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / 'py', copy / 'py', ignore=shutil.ignore_patterns('__pycache__'))
    shutil.copytree(ROOT / 'data', copy / 'data', ignore=shutil.ignore_patterns('__pycache__'))
    run_tool([sys.executable, '-m', 'pip', 'wheel', '--no-deps', '--no-build-isolation',
              '--no-index', '-w', copy / 'out', copy], 'the wheel was not built')
    with zipfile.ZipFile(next((copy / 'out').glob('minigpt-*.whl'))) as archive:
        return {name for name in archive.namelist() if '.dist-info/' not in name}


def test_the_wheel_holds_the_package_and_the_shipped_data_and_nothing_else(wheel):
    package = {file.relative_to(ROOT / 'py').as_posix()
               for file in (ROOT / 'py' / 'minigpt').rglob('*')
               if file.is_file() and '__pycache__' not in file.parts}
    assert wheel == package | {f'minigpt/data/{name}' for name in DATA}


def test_numpy_is_all_it_requires():
    project = tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']
    assert [re.split('[<>=~ ]', name)[0] for name in project['dependencies']] == ['numpy']


def test_the_numpy_of_tests_is_the_one_of_the_browser():
    pinned = re.search(r'^numpy==(\S+)$', (ROOT / 'requirements.txt').read_text(), re.MULTILINE)
    lock = (ROOT / 'node_modules' / 'pyodide' / 'pyodide-lock.json').read_text()
    assert f'numpy-{pinned[1]}-cp' in lock
