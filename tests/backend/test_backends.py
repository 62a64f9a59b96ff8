"""One suite, every backend: NumPy and the browser's NumPy path here, `simd` inside Pyodide."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cases import CASES

from minigpt import backend
from minigpt.backend import browser_numpy, dispatch
from minigpt.errors import ConfigError

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


@pytest.fixture(params=['numpy', 'browser_numpy'])
def chosen(request, monkeypatch):
    backend.use('numpy')
    if request.param == 'browser_numpy':
        for name, function in browser_numpy.KERNELS.items():
            monkeypatch.setitem(dispatch._in_use, name, function)
            monkeypatch.setitem(dispatch.reference, name, function)


@pytest.mark.parametrize('case', CASES, ids=lambda case: case.__name__)
def test_natively(chosen, case):
    case()


@pytest.mark.parametrize(('flags', 'module'), [([], '_simd'),
                                               (['--experimental-wasm-relaxed-simd'], '_relaxed')])
def test_in_the_browsers_python(dist, tmp_path, flags, module):
    """Both builds under Node; an older Node knows the second only by a flag."""
    from sitebuild import node

    for folder in ('in', 'out'):
        (tmp_path / folder).mkdir()
    shutil.copy(dist / 'python.zip', tmp_path / 'in')
    shutil.copy(HERE / 'cases.py', tmp_path / 'in')
    done = subprocess.run([node.find_node(), *flags, ROOT / 'py/sitebuild/run_in_pyodide.mjs',
                           dist / 'pyodide', HERE / 'suite_in_pyodide.py', tmp_path / 'in',
                           tmp_path / 'out'], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said['failures'] == {}
    assert said['auto'] == 'simd'
    assert said['modules'][0].endswith(module) or (not flags and len(said['modules']) == 1)
    assert done.stderr == ''


def test_an_absent_backend_is_named_with_what_is_missing():
    with pytest.raises(ConfigError, match='simd cannot run here: it is WebAssembly'):
        backend.use('simd')
    with pytest.raises(ConfigError, match='auto, simd, numpy, webgpu, cupy'):
        backend.use('nonsense')


def test_describe_says_which_runs_and_why_not_another():
    assert backend.use('auto') == 'numpy'
    told = backend.describe()
    assert told.name == 'numpy' and 'WebAssembly' in told.absent['simd']


@pytest.mark.parametrize(('name', 'ends_well'), [('', True), ('numpy', True), ('simd', False)])
def test_the_environment_chooses(name, ends_well):
    done = subprocess.run([sys.executable, '-c', 'from minigpt import backend; backend.current()'],
                          env=os.environ | {'MINIGPT_BACKEND': name, 'PYTHONPATH': str(ROOT / 'py')},
                          capture_output=True, text=True)
    assert (done.returncode == 0) == ends_well
    assert ends_well or 'cannot run here' in done.stderr
