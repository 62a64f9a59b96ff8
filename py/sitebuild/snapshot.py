"""Python's memory with everything imported and every page made: the site starts from it.

Made by Pyodide itself under Node (make_snapshot.mjs). Kept in .cache/snapshot and made again only
when something that it holds has changed.
"""

import hashlib
import os
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch

HERE = Path(__file__).parent
ASSETS = HERE.parents[1] / 'site' / 'assets'
SCRIPT = HERE / 'make_snapshot.mjs'
COMPRESS = HERE / 'compress_all.py'
# All that says what is in the files.
RECIPE = (SCRIPT, COMPRESS, Path(__file__), HERE / 'clear_memory.mjs',
          *(ASSETS / name for name in ('snapshot.mjs', 'gc_links.mjs')))


def make(archive: bytes, asm: bytes, paths: Paths, node: str) -> dict[str, bytes]:
    """Map paths in dist to the snapshot's files: snapshot.bin, rest.bin and views/*.json.

    `archive` is python.zip, `asm` the patched pyodide.asm.mjs.
    """
    cached = paths.cache / 'snapshot' / _key(archive, asm, paths)
    if not cached.exists():
        try:
            _make(archive, asm, paths, node, cached)
        except BuildError as error:
            raise BuildError(f'{error}; python build.py --no-snapshot builds a site that does '
                             'without it and starts some seconds later') from None
    return {file.relative_to(cached).as_posix(): file.read_bytes()
            for file in sorted(cached.rglob('*')) if file.is_file()}


def unpacked_size(packed: bytes) -> int:
    """Bytes that a Zstandard file says it holds (RFC 8878, 3.1.1); 0 of an empty one."""
    if not packed:
        return 0
    if packed[4] >> 6 != 2:
        raise BuildError('the snapshot does not tell its size in 4 bytes')
    at = 5 + (not packed[4] & 0x20)  # a byte for the window, unless it is all of the file
    return int.from_bytes(packed[at:at + 4], 'little')


def _make(archive: bytes, asm: bytes, paths: Paths, node: str, target: Path) -> None:
    with scratch(paths.cache / 'snapshot-next') as folder:
        (folder / 'python.zip').write_bytes(archive)
        (folder / 'pyodide.asm.mjs').write_bytes(asm)
        made, out = folder / 'made', folder / 'out'
        made.mkdir()
        out.mkdir()
        run_tool([node, SCRIPT, paths.pyodide, folder / 'pyodide.asm.mjs',
                  folder / 'python.zip', paths.root / 'site' / 'pages.json', made],
                 'the snapshot could not be made')
        (made / 'views').rename(out / 'views')
        run_tool([node, HERE / 'run_in_pyodide.mjs', paths.pyodide, COMPRESS, made, out],
                 'the snapshot could not be compressed')
        target.parent.mkdir(parents=True, exist_ok=True)
        for old in target.parent.iterdir():
            _remove(old)
        os.replace(out, target)


def _key(archive: bytes, asm: bytes, paths: Paths) -> str:
    digest = hashlib.sha256()
    for part in (archive, asm, (paths.pyodide / 'package.json').read_bytes(),
                 (paths.root / 'site' / 'pages.json').read_bytes(),
                 *(file.read_bytes() for file in RECIPE)):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _remove(folder: Path) -> None:
    import shutil
    shutil.rmtree(folder)
