"""The model's code runs on a device's arrays as it stands, and computes the very same numbers."""

import numpy as np
import pytest
from cases import LEARNED, MODERN
from device_double import DeviceArray, hidden

from minigpt import backend
from minigpt.inference.kv_cache import KVCache
from minigpt.nn import GPT, GPTConfig, Trace
from minigpt.training.optimizer import OPTIMIZERS, clip, make_optimizer

WAVES = GPTConfig(vocab_size=29, block_size=13, n_embd=24, n_head=3, n_layer=2, dropout=0.2,
                  position='sinusoidal', activation='relu', tied_head=False)


@pytest.fixture(params=[LEARNED, MODERN, WAVES], ids=['learned', 'modern', 'waves'])
def pair(request):
    """The same model twice, its weights in NumPy and on the device."""
    backend.use('numpy')
    rng = np.random.default_rng(0)
    model = GPT(request.param, rng)
    model.flat += rng.normal(0, 0.1, model.flat.size).astype(np.float32)
    return model, GPT(request.param, flat=hidden(model.flat.copy()))


@pytest.fixture
def batch():
    return np.random.default_rng(1).integers(0, 29, (2, 2, 13))


def equal(found, wanted):
    assert isinstance(found, DeviceArray)
    np.testing.assert_array_equal(found.hidden, wanted)


def test_the_double_refuses_what_a_device_refuses():
    array = hidden(np.ones(3))
    for mix in (lambda: array + np.ones(3), lambda: np.asarray(array), lambda: np.ones(3) @ array,
                lambda: array.__setitem__(0, np.ones(1))):
        with pytest.raises(TypeError):
            mix()
    equal(np.asarray(np.ones(3), like=array) + array, np.full(3, 2))


def test_forward_and_its_trace(pair, batch):
    wanted, found = Trace(), Trace()
    logits = pair[0].forward(batch[0], trace=wanted)
    equal(pair[1].forward(batch[0], trace=found), logits)
    assert list(found) == list(wanted)
    for name, value in wanted.items():
        equal(found[name], value)


def test_loss_and_every_gradient(pair, batch):
    wanted, exact = pair[0].loss_and_grads(*batch, dropout_rng=np.random.default_rng(2))
    found, grads = pair[1].loss_and_grads(*batch, dropout_rng=np.random.default_rng(2))
    assert float(found) == wanted and float(pair[1].loss(*batch)) == pair[0].loss(*batch)
    for name, grad in exact.items():
        equal(grads[name], grad)


@pytest.mark.parametrize('name', OPTIMIZERS)
def test_steps_of_every_optimizer(pair, batch, name):
    def three_steps(model):
        optimizer = make_optimizer(name, model.shapes, like=model.flat, weight_decay=0.1)
        norms = []
        for _ in range(3):
            _, grads = model.loss_and_grads(*batch)
            norms.append(float(clip(grads.flat, 0.5)))
            optimizer.step(model.flat, grads.flat, 0.01)
        return norms

    assert three_steps(pair[1]) == three_steps(pair[0])
    equal(pair[1].flat, pair[0].flat)


def test_reading_on_with_a_cache(pair, batch):
    def read(model):
        cache = KVCache(model.config, batch=2, like=model.flat)
        first = model.forward(batch[0][:, :5], kv_cache=cache)
        cache.select([1, 0, 1])
        return first, model.forward(batch[0][:, 5:6].repeat(2, axis=0)[:3], kv_cache=cache)

    for found, wanted in zip(read(pair[1]), read(pair[0])):
        equal(found, wanted)
