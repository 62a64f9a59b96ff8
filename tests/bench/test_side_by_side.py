"""The bench in Chromium: both sides run the same works, and a line's ratios are its figures'."""

import json
import shutil
from pathlib import Path

import pytest
from contenders import InBrowser, native
from playwright.sync_api import Error, sync_playwright
from side_by_side import FLAGS, ISOLATED, TAKES_PART, WORKS, line, row, tab_at_bench

RIVALS = Path(__file__).parent / 'rivals'


@pytest.fixture(scope='module')
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=FLAGS)
        yield chromium
        chromium.close()


def test_ratios_and_rates_are_those_of_the_medians():
    found = row('matmul', 64, {'minigpt': [0.1, 0.2, 0.9], 'NumPy, Pyodide': [2.0, 2.0]})
    assert found['milliseconds'] == {'minigpt': 0.2, 'NumPy, Pyodide': 2.0}
    assert found['times_minigpt']['NumPy, Pyodide'] == pytest.approx(10)
    assert found['rate']['minigpt'] == pytest.approx(2 * 64 ** 3 / 0.2e-3 / 1e9)
    assert line(found, ['minigpt', 'tfjs-wasm', 'NumPy, Pyodide']).split() == [
        'matmul', '64', '0.2', '–', '2', '(10.00×)']


@pytest.mark.parametrize('headers', [{}, ISOLATED], ids=['plain', 'isolated'])
def test_the_browser_and_a_native_process_take_turns(dist, browser, headers):
    with tab_at_bench(browser, headers) as tab, native() as (ours, usual):
        assert tab.evaluate('crossOriginIsolated') == bool(headers)
        for who in ('simd', 'plain'):
            contender = InBrowser(tab, f'pyodide.mjs?{who}')
            assert all(laps > 0 for laps in contender.turn('matmul', 64))
        assert InBrowser(tab, 'pyodide.mjs?simd').turn('generated token', 0)
        assert ours.turn('matmul', 64) and usual.turn('training step', 0)
        with pytest.raises(Error, match='KeyError'):
            InBrowser(tab, 'pyodide.mjs?simd').turn('nonsense', 0)


def test_minigpt_does_all_works_that_others_do():
    assert TAKES_PART['minigpt'] == WORKS
    assert all(set(works) <= set(WORKS) for works in TAKES_PART.values())


def test_the_rivals_are_pinned_and_name_no_host():
    package = json.loads((RIVALS / 'package.json').read_text())
    assert all(version[0].isdigit() for version in package['dependencies'].values())
    lock = (RIVALS / 'package-lock.json').read_text()
    assert 'resolved' not in lock and 'sha512-' in lock
