"""Measure minigpt in headless Chromium beside itself natively, plain NumPy, tfjs and jax-js.

    python build.py bench [--json FILE] [--turns 5] [--gpu]
    python build.py bench --site [--page inference.html] [--json FILE]

All contenders take turns at each work in one run, so that the machine's noise hits all alike, and
only one of them computes at a time. The first turn of each warms up and counts no more than the
others; figures are medians over all laps. --site measures visits with an empty cache instead.
"""

import argparse
import json
import shutil
import statistics
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / 'tests' / 'browser'), str(ROOT / 'py')]

from chromium import FLAGS, served  # noqa: E402
from contenders import InBrowser, native  # noqa: E402
from site_visit import measure_site  # noqa: E402

from minigpt.bench.race_operations import OPERATIONS  # noqa: E402
from minigpt.bench.measure import machine  # noqa: E402

WEBGPU = ['--enable-unsafe-webgpu', '--enable-features=Vulkan']
SOFTWARE = ['--use-webgpu-adapter=swiftshader']
ISOLATED = {'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp'}
PRODUCTS = [('matmul', n) for n in (64, 256, 512, 1024)]
MODEL = [('training step', 0), ('generated token', 0)]
WORKS = PRODUCTS + MODEL
# Who can do what. The first is what the others are compared with.
TAKES_PART = {
    'minigpt': WORKS, 'minigpt, native': WORKS, 'NumPy, native': [*PRODUCTS, MODEL[0]],
    'NumPy, Pyodide': [*PRODUCTS, MODEL[0]], 'tfjs-wasm': PRODUCTS, 'jax-js': [*PRODUCTS, MODEL[0]],
    'minigpt, isolated': [*PRODUCTS[1:], MODEL[0]], 'jax-js, isolated': [*PRODUCTS[1:], MODEL[0]],
    'minigpt, WebGPU': PRODUCTS[1:], 'jax-js, WebGPU': PRODUCTS[1:],
}
# A card that is only emulated would take half a minute for a training step.
ON_A_CARD = {who: [*PRODUCTS, MODEL[0]] for who in ('minigpt, WebGPU', 'jax-js, WebGPU')}


def main() -> None:
    parser = argparse.ArgumentParser(prog='build.py bench', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--json', type=Path, metavar='FILE', help='write all figures to this file')
    parser.add_argument('--turns', type=int, default=5, metavar='N')
    parser.add_argument('--gpu', action='store_true',
                        help='let Chromium use the machine\'s GPU, not its software adapter')
    parser.add_argument('--site', action='store_true', help='measure visits to the site instead')
    parser.add_argument('--page', default='inference.html', help='the page that --site visits')
    options = parser.parse_args()
    with sync_playwright() as playwright:
        flags = FLAGS + WEBGPU + ([] if options.gpu else SOFTWARE)
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=flags)
        report = {'machine': machine() | {'chromium': browser.version}}
        if options.site:
            report |= measure_site(browser, ROOT / 'dist', options.page, options.turns)
        else:
            report |= side_by_side(browser, options.turns,
                                   TAKES_PART | (ON_A_CARD if options.gpu else {}))
        browser.close()
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + '\n', encoding='utf-8')


def side_by_side(browser: Browser, turns: int, takes_part: dict) -> dict:
    """Let all take turns at each work; print a line for each, return all figures."""
    with ExitStack() as stack:
        contenders, adapter = entered(browser, stack)
        print(f'{"milliseconds":<16}' + ''.join(f'{name:>19}' for name in contenders))
        rows = []
        for name, n in WORKS:
            laps = take_turns({who: it for who, it in contenders.items()
                               if (name, n) in takes_part[who]}, name, n, turns)
            rows.append(row(name, n, laps))
            print(line(rows[-1], list(contenders)), flush=True)
        print(f'(…×): how many times the milliseconds of minigpt. WebGPU adapter: {adapter or "none"}')
    return {'webgpu_adapter': adapter, 'rows': rows}


def entered(browser: Browser, stack: ExitStack) -> tuple[dict, str]:
    """Everyone by name, and the WebGPU adapter; nobody has computed yet."""
    plain, isolated = (stack.enter_context(tab_at_bench(browser, headers))
                       for headers in ({}, ISOLATED))
    adapter = plain.evaluate('adapter()')
    ours, usual = stack.enter_context(native())
    contenders = {
        'minigpt': InBrowser(plain, 'pyodide.mjs?simd'),
        'minigpt, native': ours, 'NumPy, native': usual,
        'NumPy, Pyodide': InBrowser(plain, 'pyodide.mjs?plain'),
        'tfjs-wasm': InBrowser(plain, 'tfjs.mjs'), 'jax-js': InBrowser(plain, 'jax.mjs?wasm'),
        'minigpt, isolated': InBrowser(isolated, 'pyodide.mjs?simd'),
        'jax-js, isolated': InBrowser(isolated, 'jax.mjs?wasm')}
    if adapter:
        contenders['minigpt, WebGPU'] = InBrowser(plain, 'pyodide.mjs?webgpu')
        contenders['jax-js, WebGPU'] = InBrowser(plain, 'jax.mjs?webgpu')
    return contenders, adapter


@contextmanager
def tab_at_bench(browser: Browser, headers: dict):
    """A tab on tests/bench/browser, served with the built site and the rivals beside it."""
    with TemporaryDirectory() as folder:
        for file in (HERE / 'browser').iterdir():
            (Path(folder) / file.name).symlink_to(file)
        for name, target in {'dist': ROOT / 'dist', 'works.py': HERE / 'works.py',
                             'plain_numpy.py': HERE / 'plain_numpy.py',
                             'rivals': HERE / 'rivals' / 'node_modules'}.items():
            (Path(folder) / name).symlink_to(target)
        with served(Path(folder), **headers) as address:
            tab = browser.new_context().new_page()
            tab.goto(address)
            yield tab


def take_turns(contenders: dict, name: str, n: int, turns: int) -> dict[str, list[float]]:
    """Milliseconds of each contender's laps."""
    laps = {who: [] for who in contenders}
    for _ in range(turns):
        for who, contender in contenders.items():
            laps[who] += contender.turn(name, n)
    return laps


def row(name: str, n: int, laps: dict[str, list[float]]) -> dict:
    """One work's figures, ready for JSON; `rate` in GFLOP/s, or tokens/s for generation."""
    operation = next(it for it in OPERATIONS if it.name == name and (not n or f'{n} × {n} ×' in it.size))
    median = {who: statistics.median(them) for who, them in laps.items()}
    scale = 1e9 if operation.unit == 'FLOP' else 1
    return {'work': name, 'size': operation.size, 'milliseconds': median,
            'times_minigpt': {who: value / median['minigpt'] for who, value in median.items()},
            'rate': {who: operation.work / value * 1e3 / scale for who, value in median.items()},
            'unit': 'GFLOP/s' if operation.unit == 'FLOP' else 'tokens/s', 'laps': laps}


def line(found: dict, names: list[str]) -> str:
    """'matmul 64            0.011         0.164 (15.1×)  …'"""
    n = found['size'].split(' ×')[0]
    cells = [f'{found["work"]} {n}' if found['work'] == 'matmul' else found['work']]
    for who in names:
        value = found['milliseconds'].get(who)
        beside = f' ({found["times_minigpt"][who]:.2f}×)' if value and who != names[0] else ''
        cells.append('–' if value is None else f'{value:.3g}{beside}')
    return f'{cells[0]:<16}' + ''.join(f'{cell:>19}' for cell in cells[1:])


if __name__ == '__main__':
    main()
