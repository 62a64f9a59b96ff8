"""minigpt computes what PyTorch computes: logits, loss, every gradient, ten AdamW steps.

The expected numbers are in tests/golden/torch.npz; tests/golden/make_torch.py made them.
"""

from pathlib import Path

import numpy as np
import pytest

from minigpt import GPT, GPTConfig
from minigpt.training.optimizer import clip, make_optimizer

GOLDEN = Path(__file__).parents[1] / 'golden' / 'torch.npz'
SIZES = {'vocab_size': 31, 'block_size': 8, 'n_embd': 16, 'n_head': 4, 'n_layer': 2}
KINDS = {'gpt2': {}, 'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu',
                               'n_kv_head': 2, 'tied_head': False}}


@pytest.fixture(params=KINDS)
def case(request):
    """The model with its golden weights, the ids, and what PyTorch found, by name."""
    with np.load(GOLDEN) as file:
        golden = {name.removeprefix(f'{request.param}.'): file[name] for name in file.files
                  if name.startswith(f'{request.param}.')}
    model = GPT(GPTConfig(**SIZES, **KINDS[request.param]))
    model.flat[...] = golden['flat']
    return model, golden


def test_logits(case):
    model, golden = case
    np.testing.assert_allclose(model.forward(golden['ids'][:, :-1]), golden['logits'], atol=1e-5)


def test_loss_and_every_gradient(case):
    model, golden = case
    loss, grads = model.loss_and_grads(golden['ids'][:, :-1], golden['ids'][:, 1:])
    assert loss == pytest.approx(float(golden['loss']), abs=1e-5)
    np.testing.assert_allclose(grads.flat, golden['grads'], rtol=1e-4, atol=1e-6)


def test_ten_adamw_steps(case):
    model, golden = case
    optimizer = make_optimizer('adamw', model.shapes, like=model.flat, weight_decay=0.1)
    losses = []
    for _ in range(10):
        loss, grads = model.loss_and_grads(golden['ids'][:, :-1], golden['ids'][:, 1:])
        clip(grads.flat, 1.0)
        optimizer.step(model.flat, grads.flat, 1e-2)
        losses.append(loss)
    assert losses[-1] < losses[0] - 0.5
    np.testing.assert_allclose(losses, golden['losses'], atol=1e-5)
