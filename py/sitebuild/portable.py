"""The site as a folder that opens by double click, without a server: dist-portable/.

A page that comes from a file may run plain scripts and little else. So each file that the site
fetches or imports becomes a script holding it as base64; site/portable/start.js makes files of
them again. Pages, styles and pictures stay as they are.
"""

import base64
import json
import re
import shutil
from html import escape
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.lock import only_one
from sitebuild.paths import Paths

FETCHED = {'.mjs', '.json', '.wasm', '.bin', '.zip', '.whl'}
NEEDS_A_SERVER = {'service-worker.js', 'manifest.webmanifest', 'server.json'}
MODULE = '<script type="module" src="assets/shell.mjs"></script>'
SAY_IF_ABSENT = "document.getElementById('unstarted').hidden = 'minigptImport' in window"
START = (f'<script defer src="portable/start.js" onload="{SAY_IF_ABSENT}" '
         f'onerror="{SAY_IF_ABSENT}"></script>')
NOSCRIPT, WORDS = '<noscript>', re.compile(r'id="site-words">(.*?)</script>', re.DOTALL)
ONLY_SERVED = re.compile(r'<link rel="(?:modulepreload|manifest|preload)"[^>]*>\n?')


def make(paths: Paths) -> tuple[Path, int]:
    """Make the folder from dist, which must be up to date: its path and its size in bytes."""
    target, unfinished = paths.portable, paths.dist_next
    with only_one(paths.cache):
        shutil.rmtree(unfinished, ignore_errors=True)
        for file in sorted(paths.dist.rglob('*')):
            path = file.relative_to(paths.dist).as_posix()
            if file.is_file() and path not in NEEDS_A_SERVER:
                new_path, data = portable(path, file.read_bytes())
                _write(unfinished / new_path, data)
        _write(unfinished / 'portable' / 'start.js',
               (paths.root / 'site' / 'portable' / 'start.js').read_bytes())
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
    return target, sum(file.stat().st_size for file in target.rglob('*') if file.is_file())


def portable(path: str, data: bytes) -> tuple[str, bytes]:
    """Where a file of dist goes, and what it becomes."""
    if path.endswith('.html'):
        return path, page(data.decode()).encode()
    if Path(path).suffix in FETCHED:
        return f'portable/{path}.js', script(path, data)
    return path, data


def page(html: str) -> str:
    """A page that starts from plain scripts; a folder's address becomes that of its index."""
    if html.count(MODULE) != 1:
        raise BuildError(f'site/page.html must hold {MODULE} once.')
    html = ONLY_SERVED.sub('', html.replace(MODULE, START))
    html = html.replace(NOSCRIPT, unstarted(html) + NOSCRIPT)
    return html.replace('href="./"', 'href="index.html"')


def unstarted(html: str) -> str:
    """What the page says, in both languages, where not even start.js is there."""
    words = json.loads(WORDS.search(html)[1])['words']
    lines = (f'<span lang="{its["tag"]}" data-lang="{lang}">'
             f'{escape(its["boot"]["folder"].format(file="portable/start.js"))}</span>'
             for lang, its in words.items())
    return f'<p class="notice" id="unstarted" hidden>{" ".join(lines)}</p>'


def script(path: str, data: bytes) -> bytes:
    """A script that hands over the file of this path."""
    return f'minigptFile({json.dumps(path)}, "{base64.b64encode(data).decode()}")\n'.encode()


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
