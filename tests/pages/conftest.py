"""Pages without a browser."""

import asyncio

import pytest

from minigpt.lab import shipped_lab
from pages import lab, work


@pytest.fixture(autouse=True)
def only_this_test_s_pages_follow_the_lab():
    """Pages of earlier tests may live on until Python clears them away; they need no more news."""
    before = list(lab._watchers)
    yield
    lab._watchers[:] = before


@pytest.fixture(autouse=True, scope='module')
def no_other_module_s_pages_follow_the_lab():
    """Not even those that tests with a browser made, to know what to expect there."""
    lab._watchers.clear()
    yield
    lab._watchers.clear()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Those that a test itself made need not even hear that the shipped lab is put back after it."""
    before = list(lab._watchers)
    yield
    lab._watchers[:] = before


@pytest.fixture(autouse=True)
def a_turn_for_the_reader_after_each_step(monkeypatch):
    """Else long work takes several small steps in a row, as many as the machine is quick."""
    monkeypatch.setattr(work, 'TURN', 0.0)


@pytest.fixture(autouse=True)
def an_event_loop():
    """For long work that a test begins and does not wait for; asyncio.run leaves none behind."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def shipped_again():
    """After the test the lab is the shipped one, also for pages that live on and begin long work."""
    yield

    async def back():
        lab.replace(shipped_lab())
    asyncio.run(back())
