"""Python sources to the bytecode of Pyodide's Python, compiled by itself under Node, cached."""

import hashlib
import json
import os
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch

HERE = Path(__file__).parent
SCRIPT = HERE / 'compile_all.py'


def compiled(sources: dict[str, bytes], paths: Paths, node: str) -> dict[str, bytes]:
    """Map each path of `sources` (…/x.py -> its text) to its bytecode.

    What was compiled before comes from .cache/pyc, by content. BuildError names files that do
    not compile.
    """
    cache = paths.cache / 'pyc'
    cache.mkdir(parents=True, exist_ok=True)
    recipe = SCRIPT.read_bytes() + (paths.pyodide / 'package.json').read_bytes()
    files = {path: cache / _key(recipe, path, source) for path, source in sources.items()}
    missing = {path: sources[path] for path, file in files.items() if not file.exists()}
    if missing:
        with scratch(paths.cache / 'compile') as folder:
            for path, code in _compile(missing, paths, node, folder).items():
                os.replace(code, files[path])
    return {path: file.read_bytes() for path, file in files.items()}


def _key(recipe: bytes, path: str, source: bytes) -> str:
    return hashlib.sha256(b'\0'.join([recipe, path.encode(), source])).hexdigest()


def _compile(sources, paths, node, folder) -> dict[str, Path]:
    source_root, target_root = folder / 'in', folder / 'out'
    target_root.mkdir()
    for path, source in sources.items():
        file = source_root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(source)
    said = run_tool([node, HERE / 'run_in_pyodide.mjs', paths.pyodide, SCRIPT,
                     source_root, target_root], 'compiling in Pyodide failed')
    failures = json.loads(said.splitlines()[-1])
    if failures:
        raise BuildError('this does not compile: ' + '; '.join(failures))
    return {path: target_root / (path + 'c') for path in sources}
