"""Fixtures of the server's tests."""

import pytest
from killing import Process


@pytest.fixture
def started():
    """Starts servers that end with the test."""
    processes = []

    def start(folder):
        processes.append(Process(folder))
        return processes[-1]
    yield start
    for it in processes:
        if it.process.poll() is None:
            it.process.kill()
            it.process.wait(30)
