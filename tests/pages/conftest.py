"""Pages without a browser."""

import pytest

from pages import lab


@pytest.fixture(autouse=True)
def only_this_test_s_pages_follow_the_lab():
    """Pages of earlier tests may live on until Python clears them away; they need no more news."""
    before = list(lab._watchers)
    yield
    lab._watchers[:] = before
