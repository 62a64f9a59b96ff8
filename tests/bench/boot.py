"""How long from a click on a link to a live page: with the snapshot, without, the ordinary way.

    python build.py bench boot [--json FILE] [--turns 5]

All in turns in one run, each in a browser profile of its own, which has been open for two seconds:
a browser that has just been started is busy with itself. `cold` is the first visit; `warm` the
third, of a reader whose browser keeps our site by then, and its compiled code. The server
compresses, as most static hosts do; bytes are those transferred until the page is live. The ordinary
way is a plain page: Pyodide, the same wheels unpacked, imports, then our first page. Memory is that
of the browser's renderer once the page is live.
"""

import argparse
import functools
import gzip
import json
import os
import re
import shutil
import statistics
import sys
import zipfile
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Playwright, expect, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / 'tests' / 'browser'), str(ROOT / 'py')]

from chromium import BOOT, FLAGS, Files, served, wait_live  # noqa: E402

from minigpt.bench.report import machine  # noqa: E402
from sitebuild.paths import Paths  # noqa: E402
from sitebuild.wheels import wanted  # noqa: E402

MARKS = """Object.fromEntries(performance.getEntriesByType('mark')
  .filter(it => it.name.startsWith('minigpt:')).map(it => [it.name, it.startTime]))"""
TURN = """page => new Promise(done => {
  const root = document.documentElement, begun = performance.now()
  new MutationObserver(() => {
    if (root.dataset.page === page && root.dataset.state === 'live') done(performance.now() - begun)
  }).observe(root, { attributes: true })
  document.querySelector(`#nav a[data-page=${page}]`).click()
})"""
DONE = re.compile('kept|failed')  # no browser keeps a site that lacks a file, its snapshot
STARTED = 2000  # ms after which a browser has started
SETTLED = 3000  # ms after which the browser has stored compiled code
PACKED = ('.bin', '.zip', '.whl', '.png')


class Compressing(Files):
    """A static host that compresses what is not compressed yet."""

    def do_GET(self):
        path = self.translate_path(self.path)
        if os.path.isdir(path):
            path = os.path.join(path, 'index.html')
        if path.endswith(PACKED) or not os.path.isfile(path):
            super().do_GET()
            return
        data = compressed(path)
        self.send_response(200)
        self.send_header('Content-Type', self.guess_type(path))
        self.send_header('Content-Encoding', 'gzip')
        self.send_header('Content-Length', str(len(data)))
        self.send_header('Last-Modified', self.date_time_string(os.stat(path).st_mtime - 10**7))
        self.end_headers()
        self.wfile.write(data)


@functools.cache
def compressed(path: str) -> bytes:
    """A file as the host sends it."""
    return gzip.compress(Path(path).read_bytes(), 6)


def main() -> None:
    parser = argparse.ArgumentParser(prog='build.py bench boot', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--json', type=Path, metavar='FILE')
    parser.add_argument('--turns', type=int, default=5, metavar='N')
    options = parser.parse_args()
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=FLAGS)
        version = browser.version
        browser.close()
        report = {'machine': machine() | {'chromium': version},
                  **measured(playwright, contenders(stack), options.turns)}
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + '\n', encoding='utf-8')


def contenders(stack: ExitStack) -> dict[str, str]:
    """Addresses by name; each is served from a folder of its own."""
    folders = {'snapshot': ROOT / 'dist',
               'without snapshot': Path(stack.enter_context(TemporaryDirectory())),
               'ordinary': Path(stack.enter_context(TemporaryDirectory()))}
    for item in (ROOT / 'dist').iterdir():
        if item.name != 'snapshot.bin':
            (folders['without snapshot'] / item.name).symlink_to(item)
    make_ordinary(folders['ordinary'])
    return {name: stack.enter_context(served(folder, Compressing))
            for name, folder in folders.items()}


def make_ordinary(folder: Path) -> None:
    """The plain page, the wheels, and one more of what is ours."""
    for file in (HERE / 'ordinary').iterdir():
        shutil.copy(file, folder)
    (folder / 'dist').symlink_to(ROOT / 'dist')
    paths = Paths(ROOT)
    names = [wheel.file for wheel in wanted(paths.pyodide) if not wheel.served]
    for name in names:
        (folder / name).symlink_to(paths.cache / 'wheels' / name)
    with (zipfile.ZipFile(ROOT / 'dist' / 'python.zip') as bundle,
          zipfile.ZipFile(folder / 'ours.whl', 'w', zipfile.ZIP_DEFLATED) as ours):
        for name in bundle.namelist():
            if name.startswith(('minigpt/', 'pages/')):
                ours.writestr(name, bundle.read(name))
    (folder / 'wheels.json').write_text(json.dumps([*names, 'ours.whl']))


def measured(playwright: Playwright, addresses: dict[str, str], turns: int) -> dict:
    """All visits, and their medians, printed as they come."""
    visits = {f'{name}, {kind}': [] for name in addresses for kind in ('cold', 'warm')}
    for _ in range(turns):
        for name, address in addresses.items():
            with TemporaryDirectory() as profile:
                context = playwright.chromium.launch_persistent_context(
                    profile, executable_path=shutil.which('chromium'), args=FLAGS, locale='pt-BR')
                context.pages[0].wait_for_timeout(STARTED)
                for kind in ('cold', '', 'warm'):
                    seen = visit(context, address, name != 'ordinary')
                    if kind:
                        visits[f'{name}, {kind}'].append(seen)
                context.close()
    medians = {name: {key: statistics.median(it[key] for it in them) for key in them[0]}
               for name, them in visits.items()}
    for name, them in medians.items():
        print(f'{name:<24}' + ''.join(f'{key} {value:>8,.2f}   ' for key, value in them.items()))
    ratio = medians['snapshot, cold']['live_s'] / medians['ordinary, cold']['live_s']
    print(f'cold, live: 1/{1 / ratio:.1f} of the ordinary way')
    return {'medians': medians, 'visits': visits}


def visit(context: BrowserContext, address: str, ours: bool) -> dict[str, float]:
    """Seconds to the first view and to a live page, megabytes transferred and in memory; for our
    site the seconds from a click to the next page live, right after that, too. It ends once the
    browser keeps what it will.
    """
    tab, transferred = context.new_page(), []
    tab.on('response', lambda answer: transferred.append(
        0 if answer.from_service_worker else int(answer.headers.get('content-length', 0))
        if answer.request.timing['requestStart'] >= 0 else 0))
    tab.goto(address)
    wait_live(tab)
    found, memory = tab.evaluate(MARKS), renderer_memory()
    result = {'first_view_s': found['minigpt:first-view'] / 1e3,
              'live_s': found['minigpt:live'] / 1e3,
              'MB': sum(transferred) / 1e6, 'memory_MB': memory / 1e6}
    if ours:
        result['next_page_s'] = tab.evaluate(TURN, 'tokenizer') / 1e3
        expect(tab.locator('#offline')).to_have_attribute('data-state', DONE, timeout=BOOT)
    tab.wait_for_timeout(SETTLED)
    tab.close()
    return result


def renderer_memory() -> int:
    """Bytes that the largest renderer below this process holds; 0 where /proc does not tell."""
    parents, largest = {}, 0
    for stat in Path('/proc').glob('[0-9]*/stat'):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(')')[2].split()[1])
        except (OSError, ValueError):
            continue
    for pid in parents:
        ancestor = pid
        while ancestor in parents and ancestor != os.getpid():
            ancestor = parents[ancestor]
        if ancestor == os.getpid():
            largest = max(largest, resident(pid))
    return largest


def resident(pid: int) -> int:
    """Bytes of memory of a renderer; 0 for any other process."""
    try:
        command = Path(f'/proc/{pid}/cmdline').read_bytes()
        pages = int(Path(f'/proc/{pid}/statm').read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf('SC_PAGE_SIZE') if b'--type=renderer' in command else 0


if __name__ == '__main__':
    main()
