"""Where a backend wants its operands, and how its result is waited for."""

from collections.abc import Generator

import numpy as np

from minigpt.backend import current
from minigpt.backend.choices import DEVICES
from minigpt.backend.devices import fetch
from minigpt.backend.dispatch import found


def placed(x: np.ndarray):
    """x where the backend in use computes: on its device, or as it is."""
    name = current()
    return found(name).put(x) if name in DEVICES else x


def waited(result) -> Generator:
    """A core (see backend/waiting.py): wait until the result is there, bringing one number home."""
    yield from fetch(result[(slice(0, 1),) * result.ndim])


def fetched(result) -> Generator:
    """A core that returns the result as a NumPy array of its own."""
    return np.array((yield from fetch(result))[0])
