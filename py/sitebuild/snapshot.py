"""Python's memory with everything imported and every page made: the site starts from it.

Made by Pyodide itself under Node (make_snapshot.mjs). Kept in .cache/snapshot and made again only
when something that it holds has changed.
"""

import gzip
import hashlib
import os
from pathlib import Path

from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch

HERE = Path(__file__).parent
SCRIPT = HERE / 'make_snapshot.mjs'


def make(archive: bytes, asm: bytes, paths: Paths, node: str) -> dict[str, bytes]:
    """Map paths in dist to the snapshot's files: snapshot.bin, rest.bin and views/*.json.

    `archive` is python.zip, `asm` the patched pyodide.asm.mjs.
    """
    cached = paths.cache / 'snapshot' / _key(archive, asm, paths)
    if not cached.exists():
        with scratch(paths.cache / 'snapshot-next') as folder:
            (folder / 'python.zip').write_bytes(archive)
            (folder / 'pyodide.asm.mjs').write_bytes(asm)
            out = folder / 'out'
            out.mkdir()
            run_tool([node, SCRIPT, paths.pyodide, folder / 'pyodide.asm.mjs',
                      folder / 'python.zip', paths.root / 'site' / 'pages.json', out],
                     'the snapshot could not be made')
            for name in ('snapshot.bin', 'rest.bin'):
                data = gzip.compress((out / name).read_bytes(), 9, mtime=0)
                (out / name).write_bytes(data)
            cached.parent.mkdir(parents=True, exist_ok=True)
            for old in cached.parent.iterdir():
                _remove(old)
            os.replace(out, cached)
    return {file.relative_to(cached).as_posix(): file.read_bytes()
            for file in sorted(cached.rglob('*')) if file.is_file()}


def _key(archive: bytes, asm: bytes, paths: Paths) -> str:
    digest = hashlib.sha256()
    for part in (archive, asm, (paths.pyodide / 'package.json').read_bytes(),
                 (paths.root / 'site' / 'pages.json').read_bytes(), SCRIPT.read_bytes(),
                 Path(__file__).read_bytes()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _remove(folder: Path) -> None:
    import shutil
    shutil.rmtree(folder)
