"""Measure the built site in Chromium, and print JSON.

    .venv/bin/python tests/browser/measure.py [--runs 5] [--page inference.html] [DIST]

Each run is a new visit with an empty cache: milliseconds from navigation to `minigpt:first-view`
and `minigpt:live`, bytes transferred, tokens per second. Medians, with all runs beside them.
"""

import argparse
import json
import re
import shutil
import statistics
from pathlib import Path

from chromium import FLAGS, served, wait_live
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
MARKS = """Object.fromEntries(performance.getEntriesByType('mark')
  .filter(it => it.name.startsWith('minigpt:')).map(it => [it.name, it.startTime]))"""


def visit(browser, address: str) -> dict[str, float]:
    """One visit with an empty cache."""
    context = browser.new_context(locale='pt-BR')
    tab = context.new_page()
    transferred = []
    context.on('requestfinished', lambda request: transferred.append(
        request.sizes()['responseBodySize'] + request.sizes()['responseHeadersSize']))
    tab.goto(address)
    wait_live(tab)
    marks = tab.evaluate(MARKS)
    found = {'first_view_ms': marks['minigpt:first-view'], 'live_ms': marks['minigpt:live'],
             'bytes': sum(transferred), 'requests': len(transferred)}
    speed = tab.locator('p.status, ul.facts').first.inner_text()
    found['tokens_per_second'] = float(re.search(r'([\d.,]+) tokens/s', speed)[1]
                                       .replace('.', '').replace(',', '.'))
    context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('dist', nargs='?', type=Path, default=ROOT / 'dist')
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('--page', default='inference.html')
    options = parser.parse_args()
    with served(options.dist) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=FLAGS)
        runs = [visit(browser, address + options.page) for _ in range(options.runs)]
        browser.close()
    medians = {key: round(statistics.median(run[key] for run in runs), 1) for key in runs[0]}
    print(json.dumps({'page': options.page, 'median': medians, 'runs': runs}, indent=1))


if __name__ == '__main__':
    main()
