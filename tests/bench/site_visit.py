"""Visits to the built site with an empty cache: how long, how many bytes, how fast it writes."""

import re
import statistics
from pathlib import Path

from chromium import served, wait_live
from playwright.sync_api import Browser, Locator, Page, expect

MARKS = """Object.fromEntries(performance.getEntriesByType('mark')
  .filter(it => it.name.startsWith('minigpt:')).map(it => [it.name, it.startTime]))"""
LATER = 8  # texts after the first one, which finds the browser still compiling Python


def measure_site(browser: Browser, dist: Path, page: str, runs: int) -> dict:
    """Print the medians of `runs` visits; return them with all visits beside them."""
    with served(dist) as address:
        visits = [visit(browser, address + page) for _ in range(runs)]
    medians = {key: statistics.median(it[key] for it in visits) for key in visits[0]}
    print(f'{page}, medians of {runs} visits with an empty cache')
    for key, value in medians.items():
        print(f'{key:<26}{value:>14,.0f}')
    return {'page': page, 'median': medians, 'visits': visits}


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Milliseconds from navigation to the marks `minigpt:first-view` and `minigpt:live`, bytes as
    transferred, and the tokens per second of a page that writes."""
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
    if (button := tab.get_by_role('button', name='Gerar', exact=True)).count():
        found['tokens_per_second'] = writing_speed(tab, button)
        later = [writing_speed(tab, button) for _ in range(LATER)]
        found['tokens_per_second_later'] = statistics.median(later)
    context.close()
    return found


def writing_speed(tab: Page, button: Locator) -> float:
    """What the page tells once the text that the button asks for is written.

    The text that it opens on was written when the site was built: of that it tells no speed.
    """
    tab.get_by_role('button', name='Recomeçar', exact=True).click()  # and the last text's speed
    status = tab.locator('p.status').first
    expect(status).not_to_contain_text('tokens/s')
    button.click()
    status.get_by_text('tokens/s').wait_for()
    tab.locator('.strip[aria-busy=false]').wait_for()
    speed = re.search(r'([\d.,]+) tokens/s', status.inner_text())[1]
    return float(speed.replace('.', '').replace(',', '.'))
