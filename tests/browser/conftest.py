"""The built site in a real Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import FLAGS, served
from playwright.sync_api import Browser, expect, sync_playwright

expect.set_options(timeout=20_000)  # ms; another file's tests run beside these
AXE = Path(__file__).parents[2] / 'node_modules' / 'axe-core' / 'axe.min.js'
HAS_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.failed:
        item.stash[HAS_FAILED] = True
    return report


@pytest.fixture(autouse=True)
def new_tab_after_a_failure(request) -> Iterator[None]:
    """A test that fails leaves the tab of its file as it was then: the next test opens another."""
    yield
    if HAS_FAILED in request.node.stash and 'tab' in request.fixturenames:
        request._get_active_fixturedef('tab').finish(request)


@pytest.fixture(scope='module')
def browser() -> Iterator[Browser]:
    # Not for the whole session: while it lives, its event loop is in the way of other tests' loops.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope='session')
def site(dist, tmp_path_factory) -> Iterator[str]:
    """The site under a sub-path, as a project's GitHub Pages are."""
    folder = tmp_path_factory.mktemp('host')
    (folder / 'minigpt').symlink_to(dist)
    with served(folder) as address:
        yield f'{address}minigpt/'


@pytest.fixture(scope='session')
def axe() -> str:
    """The source of axe-core, an accessibility checker."""
    return AXE.read_text(encoding='utf-8')
