"""What a tab holds while a model of a million parameters learns for an hour: does it grow?

    python build.py bench plateau [--minutes 60] [--every 5] [--json FILE]

Every few minutes the reader goes to the next page, writes a letter there and comes back. Then the
browser collects what nobody holds, and a row tells the page's JavaScript heap, its nodes and
listeners, and the memory of the whole renderer: Python and its model are in it.
"""

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / 'tests' / 'browser'), str(ROOT / 'py'), str(ROOT)]

from boot import renderer_memory  # noqa: E402
from chromium import FLAGS, served, wait_live  # noqa: E402
from felt import MILLION, OFTEN, begin_training, box_of, opened, page_of  # noqa: E402

from minigpt.bench.measure import machine  # noqa: E402

LONG = MILLION.replace('n=2000', 'n=20000')
COUNTED = {'JSHeapUsedSize': 'heap_MB', 'Nodes': 'nodes', 'JSEventListeners': 'listeners'}


def main() -> None:
    parser = argparse.ArgumentParser(prog='build.py bench plateau', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--every', type=float, default=5, metavar='MINUTES')
    parser.add_argument('--json', type=Path, metavar='FILE')
    options = parser.parse_args()
    with sync_playwright() as playwright, served(ROOT / 'dist') as address:
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=FLAGS)
        tab = opened(browser, address + LONG)
        rows = watched(tab, options.minutes * 60, options.every * 60)
        report = {'machine': machine() | {'chromium': browser.version}, 'rows': rows}
        browser.close()
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + '\n', encoding='utf-8')


def watched(tab: Page, seconds: float, every: float) -> list[dict]:
    """Train for so long; the rows, printed as they come."""
    names = tab.eval_on_selector_all('#nav a[data-page]', 'all => all.map(it => it.dataset.page)')
    others = [it for it in names if it != 'training']
    for name in names:  # all pages are there from the start
        go(tab, name)
    go(tab, 'training')
    tab.wait_for_timeout(5000)
    begin_training(tab)
    devtools = tab.context.new_cdp_session(tab)
    devtools.send('Performance.enable')
    began, rows = time.monotonic(), []
    while not rows or time.monotonic() - began < seconds:
        tab.wait_for_timeout(1000 * every)
        act(tab, others[len(rows) % len(others)])
        rows.append({'minute': (time.monotonic() - began) / 60} | held(devtools))
        print(''.join(f'{key} {value:>9,.1f}   ' for key, value in rows[-1].items())
              + step_of(tab), flush=True)
    return rows


def go(tab: Page, name: str) -> None:
    tab.locator(f'#nav a[data-page={name}]').click()
    wait_live(tab)


def act(tab: Page, name: str) -> None:
    """A look at another page in mid-training."""
    go(tab, name)
    if name in OFTEN:
        box_of(tab, name).press('Control+End')
        tab.keyboard.press('a')
    tab.wait_for_timeout(3000)
    go(tab, 'training')
    tab.wait_for_timeout(3000)
    if page_of(tab, 'training').locator('.state', has_text='terminou').count():
        begin_training(tab)  # the next one; what was learned stays among the runs


def held(devtools) -> dict[str, float]:
    """What the tab holds once nothing unused is in it."""
    devtools.send('HeapProfiler.collectGarbage')
    devtools.send('HeapProfiler.collectGarbage')
    found = {it['name']: it['value'] for it in devtools.send('Performance.getMetrics')['metrics']}
    counted = {ours: found[theirs] for theirs, ours in COUNTED.items()}
    return counted | {'heap_MB': counted['heap_MB'] / 1e6, 'renderer_MB': renderer_memory() / 1e6}


def step_of(tab: Page) -> str:
    """How far the training is, as the page tells."""
    try:
        return page_of(tab, 'training').locator('dl').first.inner_text(timeout=5000)[:60].replace(
            '\n', ' ')
    except Error:
        return ''


if __name__ == '__main__':
    main()
