"""What a reader waits for on the built site: medians in headless Chromium, beside the targets.

    python build.py bench felt [typing slider turning training maps] [--turns 7] [--json FILE]

typing    a key pressed in a text of 64 tokens → the picture that follows it (< 100 ms)
slider    the chunk size moved in a text of 1 MB → the text repainted (< 100 ms)
turning   a click on the link to a page that is open → its picture, live (< 200 ms)
training  a model of a million parameters learns: pictures a second (≥ 10)
maps      the first visit to the embeddings right after a training

Beside each figure the longest task of the page's main thread, 0 where none took 50 ms.
"""

import argparse
import json
import re
import shutil
import statistics
import sys
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / 'tests' / 'browser'), str(ROOT / 'py'), str(ROOT)]

from chromium import BOOT, FLAGS, served, wait_live  # noqa: E402

from minigpt.bench.measure import machine  # noqa: E402
from minigpt.lab import shipped_lab  # noqa: E402
from pages.locale import text  # noqa: E402

PT = text('pt')
TOKENS = 64
OFTEN = {'attention': 'text', 'transformer': 'text', 'model': 'text', 'inference': 'prompt'}
LONG = 'Uma frase qualquer, nem longa nem curta. ' * 25_000
SIZE = PT['chunking']['size']['label'].format(unit=PT['chunking']['units']['characters'])
MILLION = 'training.html?v=1000&t=64&c=128&h=4&l=4&b=8&n=2000&every=100&eb=2'
SMALL = 'training.html?n=60&every=30&eb=2'  # of the sizes that the page proposes


def main() -> None:
    parser = argparse.ArgumentParser(prog='build.py bench felt', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', nargs='*', choices=list(MEASURES), help='all unless some are named')
    parser.add_argument('--turns', type=int, default=7, metavar='N')
    parser.add_argument('--json', type=Path, metavar='FILE')
    options = parser.parse_args()
    with sync_playwright() as playwright, served(ROOT / 'dist') as address:
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=FLAGS)
        report = {'machine': machine() | {'chromium': browser.version}}
        for name in options.what or MEASURES:
            report[name] = MEASURES[name](browser, address, options.turns)
        browser.close()
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + '\n', encoding='utf-8')


def opened(browser: Browser, address: str) -> Page:
    """A tab with the probe, live."""
    context = browser.new_context(locale='pt-BR', service_workers='block',
                                  viewport={'width': 1440, 'height': 900})
    tab = context.new_page()
    tab.add_init_script(path=HERE / 'felt_probe.js')
    tab.goto(address)
    return wait_live(tab)


def told(name: str, laps: list[dict]) -> dict:
    """Print and return the medians of some laps, tasks by their longest."""
    found = {key: (max if key == 'longest' else statistics.median)(it[key] for it in laps)
             for key in laps[0]}
    print(f'{name:<26}' + ''.join(f'{key} {value:>7,.0f}  ' for key, value in found.items()),
          flush=True)
    return found | {'laps': laps}


def sentence(tokens: int) -> str:
    """So many tokens of the shipped corpus."""
    lab = shipped_lab()
    ids = lab.tokenizer.encode(lab.corpus[:2000])[:tokens]
    return lab.tokenizer.decode(ids)


def page_of(tab: Page, name: str):
    return tab.locator(f'section[data-page={name}]')


def box_of(tab: Page, name: str):
    """Where the reader writes, on this page."""
    view = page_of(tab, name)
    if name == 'tokenizer':
        return view.get_by_label(PT['tokenizer']['text']['label'], exact=True).first
    if name == 'chunking':  # its text is taken as a whole: the key moves the slider
        return view.get_by_role('slider', name=SIZE, exact=True)
    return view.locator('textarea#text').first


def typing(browser: Browser, address: str, turns: int) -> dict:
    """Keys pressed at the end of a text of 64 tokens."""
    return {name: typed(browser, address, name, turns)
            for name in (*OFTEN, 'tokenizer', 'chunking')}


def typed(browser: Browser, address: str, name: str, turns: int) -> dict:
    query = {OFTEN[name]: sentence(TOKENS - turns)} if name in OFTEN else {}
    if name in ('tokenizer', 'chunking'):
        query = {'text': sentence(TOKENS - turns)}
    tab = opened(browser, f'{address}{name}.html?{urlencode(query)}')
    box = box_of(tab, name)
    box.focus()
    if name != 'chunking':
        tab.keyboard.press('Control+End')
    tab.wait_for_timeout(1500)  # in 2 s without a key other pages would open
    laps = []
    for letter in ('kwxyzjqvbn' * turns)[:turns]:
        tab.evaluate('felt.begin()')
        tab.keyboard.press('ArrowRight' if name == 'chunking' else letter)
        laps.append(tab.evaluate('felt.response()'))
    tab.context.close()
    return told(f'typing, {name}', laps)


def slider(browser: Browser, address: str, turns: int) -> dict:
    """Arrow keys on the size slider, a megabyte cut by each strategy."""
    return {strategy: slid(browser, f'{address}chunking.html?strategy={strategy}', strategy, turns)
            for strategy in ('fixed', 'sentence', 'semantic')}


def slid(browser: Browser, address: str, name: str, turns: int) -> dict:
    tab = opened(browser, address)
    view, words = page_of(tab, 'chunking'), PT['own_text']
    view.locator('summary').filter(has_text=words['title']).click()
    # There at once, as a paste is; typed in, as `fill` does, a long text takes far longer.
    view.get_by_label(words['label'], exact=True).evaluate(
        '(box, text) => { box.value = text }', LONG)
    view.get_by_role('button', name=words['use'], exact=True).click()
    expect(view.locator('.totals').first).to_contain_text('1.025.000', timeout=BOOT)
    view.get_by_role('slider', name=SIZE, exact=True).focus()
    tab.wait_for_timeout(1500)
    laps = []
    for _ in range(turns):
        tab.evaluate('felt.begin()')
        tab.keyboard.press('ArrowRight')
        laps.append(tab.evaluate('felt.response(500)'))
    tab.context.close()
    return told(f'slider, {name}', laps)


def turning(browser: Browser, address: str, turns: int) -> dict:
    """From page to page, all open, round and round."""
    tab = opened(browser, address)
    names = tab.eval_on_selector_all('#nav a[data-page]', 'all => all.map(it => it.dataset.page)')
    for name in names:
        tab.locator(f'#nav a[data-page={name}]').click()
        wait_live(tab)
        tab.wait_for_timeout(3000)
    laps = {name: [] for name in names}
    for _ in range(max(3, turns // 2)):
        for name in names:
            laps[name].append(tab.evaluate('page => felt.turn(page)', name))
    tab.context.close()
    return {name: told(f'turning, {name}', them) for name, them in laps.items()}


def training(browser: Browser, address: str, turns: int) -> dict:
    """A million parameters, watched for some seconds."""
    tab = opened(browser, address + MILLION)
    tab.wait_for_timeout(5000)
    begin_training(tab)
    expect(page_of(tab, 'training').locator('dl').first).to_contain_text(
        re.compile(r'passo\s*[3-9]\d'), timeout=BOOT)
    laps = [tab.evaluate('() => felt.during(4, "svg")') for _ in range(turns)]
    tab.context.close()
    return told('training', laps)


def begin_training(tab: Page) -> None:
    page_of(tab, 'training').get_by_role(
        'button', name=PT['training']['actions']['begin'], exact=True).click()


def maps(browser: Browser, address: str, turns: int) -> dict:
    """A model just trained, then the embeddings."""
    laps = []
    for _ in range(max(3, turns // 2)):
        tab = opened(browser, address + SMALL)
        begin_training(tab)
        page_of(tab, 'training').locator('.state').get_by_text('terminou').wait_for(timeout=BOOT)
        tab.wait_for_timeout(500)
        laps.append(tab.evaluate(FIRST_VISIT))
        tab.context.close()
    return told('maps', laps)


FIRST_VISIT = """async () => {
  felt.begin()
  const started = performance.now(), root = document.documentElement
  document.querySelector('#nav a[data-page=embeddings]').click()
  while (root.dataset.state !== 'live' || root.dataset.page !== 'embeddings') {
    await new Promise(done => setTimeout(done, 5))
  }
  const live = performance.now() - started
  let last = performance.now()
  const pictures = () => felt.frames.filter(it => it.page === 'embeddings')
  while (performance.now() - Math.max(last, ...pictures().map(it => it.painted || 1e9)) < 2000) {
    await new Promise(done => setTimeout(done, 50))
    if (performance.now() - started > 30_000) break
  }
  const painted = pictures().map(it => it.painted - started)
  return { live, first: painted[0] ?? live, settled: painted.at(-1) ?? live,
    patches: painted.length, longest: Math.max(0, ...felt.tasks.map(it => it.ms)) }
}"""

MEASURES = {it.__name__: it for it in (typing, slider, turning, training, maps)}

if __name__ == '__main__':
    main()
