"""A gradient check that lets a mistake through proves nothing: plant mistakes, see each one caught.

Each row changes one line of a backward pass in a copy of the package; the copy is then held to
finite differences in a process of its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import minigpt

CHECK = """
import numpy as np
from minigpt import GPT, GPTConfig
from minigpt.training.gradient_check import gradient_check, random_places
worst = 0
for kind in ({}, dict(position='rope', norm='rmsnorm', activation='swiglu', n_kv_head=1)):
    rng = np.random.default_rng(0)
    model = GPT(GPTConfig(vocab_size=11, block_size=6, n_embd=8, n_head=2, n_layer=2, **kind), rng)
    model.flat += rng.normal(0, 0.3, model.flat.size).astype(np.float32)
    ids, targets = rng.integers(0, 11, (2, 6)), rng.integers(0, 11, (2, 6))
    checks = gradient_check(model, ids, targets, random_places(model, 6, rng))
    worst = max(worst, *(abs(c.analytic - c.numeric) / (abs(c.numeric) + 1e-3) for c in checks))
print(worst)
"""

MISTAKES = [
    ('nn/ops.py', 'flat_dout.sum(axis=0)', 'flat_dout.mean(axis=0)'),
    ('nn/ops.py', 'matmul(dout, weight.T)', 'matmul(dout, 1.01 * weight.T)'),
    ('nn/ops.py', 'dx *= probs', 'dx *= 1 - probs'),
    ('nn/ops.py', "dx = dout - np.einsum('...v,...v->...', dout, probs)[..., None]",
     'dx = dout - dout.mean(-1, keepdims=True)'),
    ('nn/ops.py', 'dtable[rows] = np.add.reduceat(dout.reshape(-1, C)[order], starts, axis=0)',
     'dtable[ids] = dout.reshape(ids.shape + (C,))'),
    ('nn/norms.py', 'dx -= mean_part', 'pass'),
    ('nn/norms.py', 'dx -= normed * variance_part', 'pass'),
    ('nn/norms.py', 'dx *= inv_std', 'dx *= inv_std * inv_std'),
    ('nn/norms.py', 'dx *= inv_rms', 'pass'),
    ('nn/activations.py', 'inner *= 3 * 0.044715 * GELU_SCALE', 'inner *= 0.044715 * GELU_SCALE'),
    ('nn/activations.py', 'slope += t\n', 'slope -= t\n'),
    ('nn/activations.py', 'dout * value * sigmoid * (1 + gate * (1 - sigmoid))',
     'dout * value * sigmoid * (1 - sigmoid)'),
    ('nn/attention.py', 'dscores *= 1 / math.sqrt(D)', 'pass'),
    ('nn/attention.py', 'matmul(dscores.swapaxes(-1, -2), q, out=dk)',
     'matmul(dscores, q, out=dk)'),
    ('nn/attention.py', 'matmul(kept.swapaxes(-1, -2), dheads, out=dv)', 'dv[...] = dheads.mean()'),
    ('nn/attention.py', 'dq[...], dk[...] = rope_backward(dq, run.positions)',
     'dq[...], dk[...] = dq'),
    ('nn/positions.py', 'turned(dout, cos, -sin)', 'turned(dout, cos, sin)'),
    ('nn/transformer.py', 'dx = dx + dpart', 'dx = dpart'),
    ('nn/transformer.py', 'dresid_pre = dx + dpart', 'dresid_pre = dpart'),
    ('nn/model.py', 'grads.add(embed_backward(dx, embed_cache))',
     "grads.update(embed_backward(dx, embed_cache))"),
    ('nn/loss.py', 'rows[np.arange(targets.size, like=targets), targets.reshape(-1)] -= 1 / targets.size',
     'rows[np.arange(targets.size, like=targets), targets.reshape(-1)] -= 1'),
    ('nn/loss.py', 'dlogits = probs / targets.size', 'dlogits = probs / targets.shape[0]'),
]


def worst_error(package: Path) -> float:
    """The largest error the gradient check finds in this copy; infinity if it breaks."""
    result = subprocess.run([sys.executable, '-c', CHECK], capture_output=True, text=True,
                            env=os.environ | {'PYTHONPATH': str(package.parent)}, timeout=60,
                            cwd=package.parent)
    return float(result.stdout) if result.returncode == 0 else float('inf')


@pytest.fixture
def package(tmp_path):
    """A copy of minigpt's sources."""
    return Path(shutil.copytree(Path(minigpt.__file__).parent, tmp_path / 'minigpt',
                                ignore=shutil.ignore_patterns('__pycache__', 'data')))


def test_the_source_as_it_is_passes(package):
    assert worst_error(package) < 1e-5


@pytest.mark.parametrize(('file', 'right', 'wrong'), MISTAKES,
                         ids=[f'{i}-{row[0]}' for i, row in enumerate(MISTAKES)])
def test_planted_mistake_is_caught(package, file, right, wrong):
    source = (package / file).read_text(encoding='utf-8')
    assert source.count(right) == 1, f'the line to spoil is not in {file} any more'
    (package / file).write_text(source.replace(right, wrong), encoding='utf-8')
    assert worst_error(package) > 1e-3
