"""The compiled kernels in a real Chromium: on two threads, and where their file is damaged."""

import json
import os
import shutil
import zipfile

import pytest
from python_tabs import python_tab

ISOLATED = {'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp'}
COUNT_WHAT_IS_GIVEN_AWAY = '''
import asyncio, js
from pyodide.code import run_js
run_js("""
  const thread = self.minigptSecondThread
  self.given = { begin: 0, beginBackward: 0 }
  for (const name of Object.keys(self.given)) {
    const begin = thread[name].bind(thread)
    thread[name] = (...it) => {
      const begun = begin(...it)
      self.given[name] += begun
      return begun
    }
  }
""")
while not js.minigptSecondThread.ready:
    await asyncio.sleep(0.01)
'''
EVERY_CASE = '''
import traceback
from minigpt import backend
from cases import CASES
failures = {}
backend.use('simd')
for case in CASES:
    try:
        case()
    except Exception:
        failures[case.__name__] = traceback.format_exc()[-1500:]
import json
json.dumps([failures, js.given.begin, js.given.beginBackward])
'''
WHO_COMPUTES = '''
import json, numpy as np
from minigpt import backend
told = backend.describe()
json.dumps([told.name, told.absent.get('simd', ''),
            backend.matmul(np.full((3, 4), 2, np.float32), np.ones((4, 5), np.float32)).tolist()])
'''


def test_every_case_on_two_threads(dist, tmp_path):
    with python_tab(dist, tmp_path, headers=ISOLATED) as run:
        run(COUNT_WHAT_IS_GIVEN_AWAY)
        failures, products, backwards = json.loads(run(EVERY_CASE))
    assert failures == {}
    assert products >= 10 and backwards >= 1


def test_without_shared_memory_there_is_one_thread(dist, tmp_path):
    with python_tab(dist, tmp_path) as run:
        assert json.loads(run(WHO_COMPUTES))[:2] == ['simd', '']
        assert run('from minigpt.backend import two_threads; not two_threads.in_use()')
        run('import cases; cases.large_products()')


@pytest.mark.parametrize(('damage', 'reason'), [
    (None, 'built without the compiled kernels'),
    (lambda wasm: b'', 'could not be loaded'),
    (lambda wasm: wasm[:len(wasm) // 2], 'could not be loaded'),
    (lambda wasm: b'not WebAssembly at all', 'could not be loaded'),
], ids=['missing', 'empty', 'cut', 'text'])
def test_a_damaged_file_leaves_numpy_and_says_so(dist, tmp_path, damage, reason):
    site = tmp_path / 'site'
    shutil.copytree(dist, site, copy_function=os.symlink)  # all but one file is as it is
    (site / 'python.zip').unlink()
    with zipfile.ZipFile(dist / 'python.zip') as whole, \
         zipfile.ZipFile(site / 'python.zip', 'w') as changed:
        for name in whole.namelist():
            is_kernel = 'kernels/_' in name and name.endswith('.so')
            if not is_kernel:
                changed.writestr(name, whole.read(name))
            elif damage:
                changed.writestr(name, damage(whole.read(name)))
    with python_tab(site, tmp_path / 'host') as run:
        name, why, product = json.loads(run(WHO_COMPUTES))
    assert name == 'numpy' and reason in why, why
    assert product == [[8.0] * 5] * 3
