"""The browser's Python holds what is needed and nothing else."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from sitebuild import bundle, node
from sitebuild.bytecode import compiled
from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
OURS = ('minigpt/', 'pages/')


@pytest.fixture(scope='module')
def archive(dist):
    with zipfile.ZipFile(dist / 'python.zip') as archive:
        yield archive


@pytest.mark.parametrize('unwanted', [
    r'(.*/)?tests?/.*', r'panel/dist/.*', r'bokeh/server/static/.*', r'bokeh/sampledata/.*',
    r'.*\.(pyi|pxd|ts|map|h|c|a)', r'(pandas|narwhals|tornado|requests)/.*',
    r'(?!.*wasm32-emscripten\.so$).*\.(so|pyd|dylib)', r'sitebuild/.*',
])
def test_what_the_browser_never_reads_is_left_out(archive, unwanted):
    assert [name for name in archive.namelist() if re.fullmatch(unwanted, name)] == []


def test_foreign_code_is_bytecode_alone(archive):
    names = archive.namelist()
    assert not [name for name in names if name.endswith('.py') and not name.startswith(OURS)]
    assert {'numpy/__init__.pyc', 'bokeh/__init__.pyc', 'panel/__init__.pyc'} <= set(names)


def test_our_code_has_its_source_and_its_bytecode(archive):
    names = set(archive.namelist())
    sources = [name for name in names if name.endswith('.py')]
    assert 'minigpt/__init__.py' in sources and 'pages/__init__.py' in sources
    for name in sources:
        folder, _, file = name.rpartition('/')
        assert f'{folder}/__pycache__/{file[:-3]}.cpython-314.pyc' in names


def test_all_bytecode_is_of_one_python_and_needs_no_check_of_its_source(archive):
    heads = {archive.open(name).read(8) for name in archive.namelist() if name.endswith('.pyc')}
    assert len(heads) == 1
    assert int.from_bytes(heads.pop()[4:8], 'little') == 0b01  # hash-based, unchecked (PEP 552)


def test_the_shipped_model_and_texts_are_in_the_package(archive):
    for name in bundle.DATA:
        assert archive.read(f'minigpt/data/{name}') == (ROOT / 'data' / name).read_bytes()


def test_the_same_files_give_the_same_zip():
    files = {'b.py': b'2', 'a.py': b'1'}
    assert bundle.zipped(files) == bundle.zipped(dict(sorted(files.items())))


def test_a_missing_data_file_is_named(tmp_path):
    for folder in ('py/minigpt', 'pages', 'data'):
        (tmp_path / folder).mkdir(parents=True)
    with pytest.raises(BuildError, match=r'data/corpus_pt_br\.txt is missing'):
        bundle.own_files(Paths(tmp_path))


def test_a_file_that_does_not_compile_is_named(dist, tmp_path):
    (tmp_path / 'node_modules').symlink_to(ROOT / 'node_modules', target_is_directory=True)
    with pytest.raises(BuildError, match=r'does not compile: pages/bad\.py'):
        compiled({'pages/bad.py': b'def f(:\n'}, Paths(tmp_path), node.find_node())


def test_numpy_bokeh_and_panel_work_from_the_bundle(dist, tmp_path):
    """In Pyodide under Node: an app with a slider, a text area, a plot and our kind of component
    gives its document, with nothing fetched and none of the heavy optional packages."""
    for folder in ('in', 'out'):
        (tmp_path / folder).mkdir()
    shutil.copy(dist / 'python.zip', tmp_path / 'in')
    said = run_tool([node.find_node(), ROOT / 'py/sitebuild/run_in_pyodide.mjs',
                     dist / 'pyodide', HERE / 'app_in_pyodide.py', tmp_path / 'in',
                     tmp_path / 'out'], 'the app failed')
    styles = said.splitlines()[-1].split()
    assert styles and all((dist / style).is_file() for style in styles)
