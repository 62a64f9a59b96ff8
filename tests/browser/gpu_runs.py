"""Long work on the graphics card, driven both ways; runs in the browser's Python."""

import js
import numpy as np
from cases import LEARNED, MODERN

from minigpt import backend
from minigpt.backend import devices
from minigpt.backend.absent import DeviceError
from minigpt.backend.waiting import finish
from minigpt.inference import generate
from minigpt.nn import GPT
from minigpt.training import Moved, TrainConfig, TrainState, TrainStep, train

DATA = np.arange(2000) % 29
SETTINGS = TrainConfig(batch_size=2, steps=50, warmup=5, eval_every=25, eval_batches=2)
WAITS = []  # one entry for each read-back


def count_waits():
    card = backend.dispatch.found('webgpu')
    fetch = type(card).fetch

    def counted(self, arrays):
        WAITS.append(len(arrays))
        return fetch(self, arrays)

    type(card).fetch = counted


async def each(steps, way):
    """The steps taken with `for`, or with `async for`."""
    if way == 'for':
        for step in steps:
            yield step
    else:
        async for step in steps:
            yield step


async def trained(config, name, way='for', destroy_after=None):
    """(losses, validation losses, moves, model, state) of a run with this backend."""
    backend.use(name)
    model = GPT(config, np.random.default_rng(0))
    state, losses, others, moves = TrainState(model, SETTINGS), [], [], []
    async for event in each(train(model, DATA, SETTINGS, validation=DATA[:200], state=state), way):
        if isinstance(event, TrainStep):
            assert event.step == len(losses) + 1
            losses.append(event.loss)
            if event.step == destroy_after:
                js.minigptGpu.device.destroy()
        elif isinstance(event, Moved):
            moves.append(event)
        else:
            others.append(event.validation_loss)
    return losses, others, moves, model, state


def check(found, wanted):
    np.testing.assert_allclose(found[0], wanted[0], atol=1e-3)
    np.testing.assert_allclose(found[0][:10], wanted[0][:10], atol=1e-5)
    np.testing.assert_allclose(found[1], wanted[1], atol=1e-3)
    np.testing.assert_allclose(found[3].flat, wanted[3].flat, atol=2e-3)
    assert found[4].step == wanted[4].step == 50


async def curves_agree(way='for', configs=(LEARNED, MODERN)):
    count_waits()
    for config in configs:
        wanted = await trained(config, 'numpy')
        WAITS.clear()
        found = await trained(config, 'webgpu', way)
        check(found, wanted)
        assert found[2] == []
        # 50 updates wait for two numbers each; copied home every 8th, at 25 and 50; two losses.
        assert WAITS.count(2) == 50 and WAITS.count(3) == 6 + 2 and WAITS.count(1) == 2, WAITS


async def writing_agrees(way='for'):
    texts = []
    for name in ('numpy', 'webgpu'):
        backend.use(name)
        for config in (LEARNED, MODERN):
            model = GPT(config, np.random.default_rng(0))
            model.flat += np.random.default_rng(1).normal(0, 0.1, model.flat.size).astype('f')
            steps = generate(model, [1, 2, 3], max_new_tokens=30, rng=np.random.default_rng(2))
            texts.append([event.token_id async for event in each(steps, way)])
            assert len(texts[-1]) == 30
    assert texts[:2] == texts[2:]


async def goes_on_when_the_card_is_destroyed(way='for'):
    wanted = await trained(LEARNED, 'numpy')
    found = await trained(LEARNED, 'webgpu', way, destroy_after=21)
    check(found, wanted)
    assert [event.step for event in found[2]] == [21]
    assert found[2][0].backend == backend.current() != 'webgpu'
    assert 'perdida' in found[2][0].reason.in_language('pt')
    assert 'lost' in backend.describe().absent['webgpu']


async def stays_on_the_cpu_where_nobody_can_wait():
    """A plain `for` without JSPI: the same numbers, and the reason."""
    wanted = await trained(LEARNED, 'numpy')
    found = await trained(LEARNED, 'webgpu', 'for')
    check(found, wanted)
    assert [event.step for event in found[2]] == [0]
    assert 'JSPI' in found[2][0].reason.in_language('en')


async def a_model_that_does_not_fit_stays_on_the_cpu():
    card, wanted = js.minigptGpu, await trained(LEARNED, 'numpy')
    card.limit, limit = 1000, card.limit
    found = await trained(LEARNED, 'webgpu')
    card.limit = limit
    check(found, wanted)
    assert found[2][0].step == 0 and '1000 bytes' in found[2][0].reason.in_language('en')
    assert (await trained(LEARNED, 'webgpu'))[2] == []  # a smaller model may use the card again


def the_card_is_measured():
    """Seconds per kernel and per operation; how large they are is the machine's affair."""
    per_kernel, per_flop = finish(devices.measured(backend.dispatch.found('webgpu')))
    assert per_kernel > 0 and 0 <= per_flop < 1e-3


def an_error_of_the_card_is_told():
    card = backend.dispatch.found('webgpu')
    x = card.put(np.ones(3, np.float32))
    js.minigptGpu.addKernel('this is no WGSL', 'main', 'r')
    try:
        finish(card.fetch([x]))
    except DeviceError as error:
        assert 'no WGSL' in str(error) or 'expected' in str(error), error
    else:
        raise AssertionError('no DeviceError')
