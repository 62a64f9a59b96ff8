"""The page to try the server's API: it asks no other site, and what one tries happens."""

import importlib.util
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sitebuild.serve import HEADERS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='module')
def running():
    """As tests/server starts its servers."""
    spec = importlib.util.spec_from_file_location('serving', ROOT / 'tests/server/serving.py')
    serving = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(serving)
    running = serving.Running(headers=HEADERS, swagger=ROOT / 'node_modules' / 'swagger-ui-dist')
    yield running
    running.close()


def test_an_operation_is_tried_on_the_page(browser, running):
    page = browser.new_page()
    wrong, asked = [], set()
    page.on('console', lambda it: wrong.append(it.text) if it.type == 'error' else None)
    page.on('pageerror', lambda it: wrong.append(str(it)))
    page.on('request', lambda it: asked.add(it.url.split('/')[2] if '//' in it.url else 'data'))
    page.goto(f'http://{running.host}/api/v1/docs')
    it = page.locator('#operations-modules-setParameters')
    it.locator('.opblock-summary-control').click()
    it.locator('.try-out__btn').click()
    it.locator('tr[data-param-name="module"] select').select_option('attention')
    it.locator('.execute').click()
    expect(it.locator('.live-responses-table .response-col_status').last).to_contain_text('200')
    assert running.server.state.values('attention')['layer'] == 2
    expect(page.locator('.errors-wrapper')).to_have_count(0)
    assert not wrong and asked <= {running.host, 'data'}
    page.close()
