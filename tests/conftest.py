"""What all tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope='session')
def dist() -> Path:
    """The built site, brought up to date first (quick when it is)."""
    from sitebuild.build import build

    return build(ROOT, wait=True)  # another process of the suite may be at it
