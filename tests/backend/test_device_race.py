"""The race of the backends with a device in it."""

import asyncio

import pytest
from device_double import DeviceDouble

from minigpt import backend
from minigpt.backend import choices, dispatch, threads
from minigpt.bench import race_operations
from minigpt.bench.race import Missing, Result, race

SMALL = [race_operations.product(5, 7, 3), race_operations.adamw(100)]


@pytest.fixture(autouse=True)
def numpy_is_in_use():
    backend.use('numpy')


@pytest.fixture
def on_device(monkeypatch):
    """on_device(device): it is there from now on."""
    def there(device):
        dispatch._looked_for.cache_clear()
        dispatch._given_up.clear()
        monkeypatch.setitem(choices.DEVICES, 'double', lambda: device)

    monkeypatch.setattr(threads, 'workers', lambda: 1)  # as on a device, a batch is one piece
    yield there
    monkeypatch.undo()
    for found in (dispatch._looked_for.cache_clear, dispatch._given_up.clear,
                  dispatch._of_type.clear):
        found()


def test_a_device_races_too_and_one_that_fails_leaves_the_race(on_device):
    on_device(DeviceDouble())
    operations = [*SMALL, race_operations.training_step(), race_operations.generated_token()]
    found = {(it.operation, it.backend): it for it in race(operations, seconds=0)
             if isinstance(it, Result)}
    for operation in operations:
        ours, numpys = found[operation.name, 'double'], found[operation.name, 'numpy']
        assert ours.max_error == numpys.max_error  # the double computes with NumPy
    on_device(DeviceDouble(fails_at=3))
    *_, last = (it for it in race(SMALL, seconds=0) if isinstance(it, Missing))
    assert (last.backend, last.reason.key) == ('double', 'device_lost')
    assert backend.current() == 'numpy'


def test_others_compute_as_before_while_the_race_waits(on_device):
    on_device(DeviceDouble())
    used = []

    async def run():
        async def other():
            while True:
                used.append(backend.current())
                await asyncio.sleep(0)

        beside = asyncio.ensure_future(other())
        async for _ in race(SMALL, seconds=0):
            used.append(backend.current())
        beside.cancel()

    asyncio.run(run())
    assert set(used) == {'numpy'}
