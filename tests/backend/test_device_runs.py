"""Long work on a device: the same numbers, few waits, and the CPU goes on when the device fails."""

import asyncio

import numpy as np
import pytest
from cases import MODERN
from device_double import DeviceDouble

from minigpt import backend
from minigpt.backend import choices, devices, dispatch, threads
from minigpt.inference import beam_search, generate, generate_batch
from minigpt.inference.generate import next_logits
from minigpt.nn import GPT
from minigpt.training import (Evaluation, Moved, Sample, TrainConfig, TrainState, TrainStep, train)

LAST_SAMPLE = 70  # this answer of the run below belongs to it
DATA = np.random.default_rng(3).integers(0, 29, 500)
SETTINGS = TrainConfig(steps=20, batch_size=2, eval_every=10, eval_batches=2, warmup=2)


@pytest.fixture(autouse=True)
def one_piece(monkeypatch):
    """A device takes a batch whole; bit for bit the same comes out if the CPU does, too."""
    monkeypatch.setattr(threads, 'workers', lambda: 1)


@pytest.fixture
def on(monkeypatch):
    """on(device) computes there from now on."""
    def use(device, name='double'):
        dispatch._looked_for.cache_clear()
        dispatch._given_up.clear()
        monkeypatch.setitem(choices.DEVICES, 'double', lambda: device)
        backend.use(name)
        return device

    yield use
    dispatch._looked_for.cache_clear()
    dispatch._given_up.clear()
    dispatch._of_type.clear()
    devices._speeds.clear()
    monkeypatch.undo()
    backend.use('auto')


def model():
    return GPT(MODERN, np.random.default_rng(0))


def trained(drive=list, **settings):
    """(model, state, events) of a run."""
    own, config = model(), SETTINGS
    state = TrainState(own, config)
    events = drive(train(own, DATA, config, validation=DATA[:100], sample_prompt=[1], state=state,
                         **settings))
    return own, state, events


def told(events, kind):
    return [(event.step, event.loss, event.grad_norm) if kind is TrainStep else event
            for event in events if isinstance(event, kind)]


def same(found, wanted, but=()):
    np.testing.assert_array_equal(found[0].flat, wanted[0].flat)
    assert found[1].step == wanted[1].step
    assert found[1].rng.bit_generator.state == wanted[1].rng.bit_generator.state
    for name, vector in wanted[1].optimizer.memory.items():
        np.testing.assert_array_equal(found[1].optimizer.memory[name], vector)
    for kind in (TrainStep, Evaluation, Sample):
        assert told(found[2], kind) == told(wanted[2], kind)


async def collected(steps):
    return [event async for event in steps]


@pytest.mark.parametrize('drive', [list, lambda steps: asyncio.run(collected(steps))],
                         ids=['for', 'async for'])
def test_training_there_is_training_here(on, drive):
    backend.use('numpy')
    wanted = trained()
    device = on(DeviceDouble())
    found = trained(drive)
    same(found, wanted)
    assert isinstance(found[0].flat, np.ndarray)
    # A wait each update, 4 to copy home (at 8, 10, 16, 20), 2 for losses, 40 for each sample.
    assert device.answers == 20 + 4 + 2 + 2 * 40


@pytest.mark.parametrize('fails_at', [1, 2, 9, 10, 12, 13, 30, 61, LAST_SAMPLE])
def test_a_device_lost_at_any_time_loses_no_step(on, fails_at):
    backend.use('numpy')
    wanted = trained()
    on(DeviceDouble(fails_at))
    found = trained()
    same(found, wanted)
    moved = told(found[2], Moved)
    assert [event.backend for event in moved] == (['numpy'] if fails_at < LAST_SAMPLE else [])
    assert backend.current() == 'numpy' and 'lost' in backend.describe().absent['double']


def test_without_jspi_a_plain_loop_computes_on_the_cpu(on):
    backend.use('numpy')
    wanted = trained()
    on(DeviceDouble(can_wait=False))
    found = trained()
    same(found, wanted)
    assert 'JSPI' in told(found[2], Moved)[0].reason.in_language('en')
    same(trained(lambda steps: asyncio.run(collected(steps))), wanted)


def test_out_of_memory_in_a_kernel_is_a_failure_too_but_a_mistake_is_not(on):
    backend.use('numpy')
    wanted = trained()

    def failing(error):
        device = on(DeviceDouble())
        clip, calls = device.kernels['clip'], iter(range(100))

        def kernel(*args):
            if next(calls) == 11:
                raise error
            return clip(*args)

        device.kernels['clip'] = kernel

    failing(MemoryError('full'))
    found = trained()
    same(found, wanted)
    assert 'full' in told(found[2], Moved)[0].reason.in_language('pt')
    failing(KeyError('mistake'))
    with pytest.raises(KeyError):
        trained()


@pytest.mark.parametrize('stop_after', [1, 8, 11])
def test_stopping_brings_the_last_step_home(on, stop_after):
    def some(steps):
        events = [next(steps) for _ in range(stop_after)]
        steps.close()
        return events

    backend.use('numpy')
    wanted = trained(some)
    on(DeviceDouble())
    same(trained(some), wanted)


def texts(drive=list):
    rng = np.random.default_rng
    return [
        [(event.token_id, event.context_len) for event in
         drive(generate(model(), [1, 2], max_new_tokens=30, rng=rng(1)))],
        [(event.row, event.token_id) for event in
         drive(generate_batch(model(), [[1, 2], [3]], max_new_tokens=9, rngs=[rng(1), rng(2)]))],
        [event.ranked for event in drive(beam_search(model(), [1, 2], max_new_tokens=9))]]


@pytest.mark.parametrize('fails_at', [10 ** 9, 1, 5, 35, 50])
def test_writing_there_is_writing_here(on, fails_at):
    backend.use('numpy')
    wanted = texts()
    on(DeviceDouble(fails_at))
    assert texts() == wanted
    on(DeviceDouble(fails_at))
    assert texts(lambda steps: asyncio.run(collected(steps))) == wanted


def test_one_wait_for_each_token(on):
    device = on(DeviceDouble())
    stream = next_logits(model(), window := [1, 2])
    for count in range(1, 6):
        _, logits, _ = next(stream)
        assert isinstance(logits, np.ndarray) and device.answers == count
        window.append(3)


def test_auto_takes_a_device_only_where_it_was_measured_to_be_faster(on, monkeypatch):
    device = on(DeviceDouble(), 'auto')
    monkeypatch.setitem(devices._speeds, 'double', (1e9, 0))  # a slow one
    trained()
    assert device.answers == 0
    monkeypatch.setitem(devices._speeds, 'double', (0, 0))
    trained()
    assert device.answers
    device = on(DeviceDouble(), 'auto')
    device.slow = choices.Absent('software_adapter', architecture='double')
    trained()
    assert device.answers == 0


def test_describe_says_when_auto_takes_a_device(on):
    on(DeviceDouble(), 'auto')
    assert 'measured' in backend.describe().absent['double']
    assert backend.describe('pt').absent['double'] != backend.describe().absent['double']


def test_the_measured_speeds_are_kept(on):
    device = on(DeviceDouble(), 'auto')
    trained()
    measured = devices._speeds['double']
    assert all(seconds > 0 for seconds in measured)
    trained()
    assert devices._speeds['double'] is measured and device.answers >= 4


def test_cupy_says_what_is_missing():
    reason = backend.describe().absent['cupy']
    assert 'CuPy' in reason
    with pytest.raises(ValueError, match='cupy cannot run here: the package CuPy is not installed'):
        backend.use('cupy')
