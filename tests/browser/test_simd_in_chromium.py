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
  self.given = 0
  for (const helper of self.minigptHelpers) {
    const begin = helper.begin.bind(helper)
    helper.begin = (...it) => {
      const begun = begin(...it)
      self.given += begun
      return begun
    }
  }
""")
while not all(helper.ready for helper in js.minigptHelpers):
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
json.dumps([failures, js.given])
'''
PIECES = """
import dataclasses, json, math
import numpy as np
from cases import LEARNED, MODERN
from minigpt import backend
from minigpt.errors import ConfigError
from minigpt.nn import GPT
from minigpt.training import beside

backend.use('simd')
SHARE = 100

def pieces_of(config, *rows):
    rng = np.random.default_rng(1)
    drawn = [rng.integers(0, 29, (b, 14)) for b in rows]
    return [(ids[:, :-1], ids[:, 1:], None) for ids in drawn]

def gradients(config, *rows):
    rng = np.random.default_rng(0)
    model = GPT(config, rng)
    model.flat += rng.normal(0, 0.1, model.flat.size).astype(np.float32)
    given, pieces = js.given, pieces_of(config, *rows)
    found = beside.gradients(model, pieces, SHARE)
    alone = [beside.weighted_gradient(model, piece, SHARE) for piece in pieces]
    return found, alone, js.given - given

def agree(found, alone):
    for (loss, grad), (its_loss, its_grad) in zip(found, alone, strict=True):
        assert abs(loss - its_loss) < 1e-6, (loss, its_loss)
        np.testing.assert_allclose(grad, its_grad, 1e-4, 1e-6)

"""
PIECES_AGREE = PIECES + """
SINUSOIDAL = dataclasses.replace(LEARNED, position='sinusoidal', tied_head=False)
for config in (LEARNED, MODERN, SINUSOIDAL):
    for rows in ((5, 3), (1, 1), (3, 2, 3)):
        found, alone, given = gradients(config, *rows)
        assert given == len(rows) - math.ceil(len(rows) / (1 + len(js.minigptHelpers))), given
        agree(found, alone)
        for (_, grad), (_, again) in zip(found, gradients(config, *rows)[0]):
            np.testing.assert_array_equal(grad, again)  # bit by bit, whoever was faster
wrong = pieces_of(LEARNED, 5, 3)
wrong[1][0][0, 0] = 29
try:
    beside.gradients(GPT(LEARNED), wrong, SHARE)
except ConfigError:
    pass
else:
    raise AssertionError('an id that is not there')
RELU = dataclasses.replace(LEARNED, activation='relu')
found, alone, given = gradients(RELU, 5, 3)
assert not given
agree(found, alone)

large = dataclasses.replace(LEARNED, n_embd=300, n_layer=4, vocab_size=2000)  # the memory grows
before = js.minigptHelpers[0].bytes.length
found, alone, given = gradients(large, 40, 40)
assert given and js.minigptHelpers[0].bytes.length > before
agree(found, alone)
"""
A_RUN = PIECES + """
from minigpt.training import TrainConfig, TrainState
from minigpt.training.trainer import one_step

config = dataclasses.replace(LEARNED, block_size=64)
def losses(name):
    backend.use(name)
    model, settings = GPT(config, np.random.default_rng(0)), TrainConfig(batch_size=8, warmup=5)
    state, data = TrainState(model, settings), np.arange(2000) % 29
    return [one_step(model, data, settings, state).loss for _ in range(30)]

before = js.given
found = losses('simd')
assert js.given - before == 30, js.given - before
np.testing.assert_allclose(found, losses('numpy'), atol=1e-3)
np.testing.assert_array_equal(found, losses('simd'))
"""
INTERRUPTED = PIECES + """
model, pieces = GPT(LEARNED, np.random.default_rng(0)), pieces_of(LEARNED, 4, 4)
weighted = beside.weighted_gradient
def interrupted(*_):
    raise KeyboardInterrupt
beside.weighted_gradient = interrupted
try:
    beside.gradients(model, pieces, SHARE)
except KeyboardInterrupt:
    beside.weighted_gradient = weighted
found, alone, given = gradients(LEARNED, 5, 3)
assert given == 1
agree(found, alone)

run_js('minigptHelpers[0].finish = () => false')  # it never answers
found, alone, given = gradients(LEARNED, 5, 3)
assert given == 1
agree(found, alone)
"""
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
        failures, given = json.loads(run(EVERY_CASE))
        assert failures == {}
        assert given >= 10
        for code in (PIECES_AGREE, A_RUN, INTERRUPTED):
            run(code + 'None')


def test_pieces_on_three_threads(dist, tmp_path):
    with python_tab(dist, tmp_path, query='?helpers=2', headers=ISOLATED) as run:
        run(COUNT_WHAT_IS_GIVEN_AWAY)
        run(PIECES_AGREE + 'None')


def test_without_shared_memory_there_is_one_thread(dist, tmp_path):
    with python_tab(dist, tmp_path) as run:
        assert json.loads(run(WHO_COMPUTES))[:2] == ['simd', '']
        assert run('from minigpt.backend.helper_threads import helpers; not helpers()')
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
