"""What a visit transfers, part by part, from a host that compresses as most static hosts do."""

import fnmatch
import gzip
import json
from pathlib import Path

# Part → patterns of paths in dist; a file counts in the first part that it fits.
BEFORE_LIVE = {
    'snapshot': ('snapshot.bin', 'assets/zstd.wasm'),
    'Pyodide': ('pyodide/pyodide.mjs', 'pyodide/pyodide.asm.mjs', 'pyodide/pyodide-lock.json'),
    'what draws': ('bokeh/*.js', 'panel/*/css/loading.css', 'panel/*/css/listpanel.css'),
    'shell': ('index.html', 'build.json', 'assets/shell.mjs', 'assets/worker.mjs', 'assets/*.js',
              'assets/*.css', 'assets/icon.svg'),
    'first view': ('views/index.pt.json',),
}
LATER = {
    'rest, once live': ('rest.bin',),
    'without the snapshot': ('python.zip', 'pyodide/python_stdlib.zip', 'pyodide/pyodide.asm.wasm'),
    'other pages': ('views/*', '*.html'),
}
FIRST_VISIT = 'first visit'  # all that comes before a page is live
PACKED = ('.bin', '.zip', '.whl', '.png')  # compressed already


def sizes(files: dict[str, bytes]) -> dict[str, int]:
    """Bytes of each part, in order, with the sum of those before the first live page."""
    found = dict.fromkeys([*BEFORE_LIVE, *LATER], 0)
    for path, data in files.items():
        part = next((part for part, patterns in (BEFORE_LIVE | LATER).items()
                     if any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)), None)
        if part:
            found[part] += transferred(path, data)
    return {FIRST_VISIT: sum(found[part] for part in BEFORE_LIVE)} | found


def transferred(path: str, data: bytes) -> int:
    """Bytes of one file on its way."""
    return len(data) if path.endswith(PACKED) else len(gzip.compress(data, 6))


def budget(root: Path) -> dict[str, float]:
    """The most megabytes that each part may take: site/budget.json."""
    return json.loads((root / 'site' / 'budget.json').read_text(encoding='utf-8'))


def report(found: dict[str, int], most: dict[str, float]) -> str:
    """One line a part: its megabytes, and what the budget gives it."""
    return '\n'.join(f'  {part:<22}{size / 1e6:>7.2f} MB of {most[part]:g}'
                     for part, size in found.items())
