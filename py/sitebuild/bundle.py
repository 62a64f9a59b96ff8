"""The one zip that holds all of the browser's Python: wheels, minigpt with its data, pages."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

from sitebuild import bundle_rules
from sitebuild.bytecode import compiled
from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.wheels import Wheel

DATA = ('corpus_pt_br.txt', 'minigpt-pt.safetensors', 'tokenizer.json', 'training_run.jsonl')
OWN_SUFFIXES = {'.py', '.json', '.md', '.txt', '.wgsl'}
PYC_TAG = 'cpython-314'
EPOCH = (1980, 1, 1, 0, 0, 0)


def make(wheels: list[Wheel], own: dict[str, bytes], paths: Paths,
         node: str) -> tuple[bytes, int]:
    """Return the zip and how many files are in it; paths in it are relative to site-packages.

    `own` is what own_files() gave. The last zip is kept in .cache/bundle and returned when its
    inputs are the same.
    """
    cached = paths.cache / 'bundle' / f'{_key(wheels, own, paths)}.zip'
    if not cached.exists():
        data = zipped(content(wheels, own, paths, node))
        cached.parent.mkdir(parents=True, exist_ok=True)
        for old in cached.parent.iterdir():
            old.unlink()
        partial = cached.with_suffix('.partial')
        partial.write_bytes(data)
        os.replace(partial, cached)
    data = cached.read_bytes()
    return data, len(zipfile.ZipFile(io.BytesIO(data)).namelist())


def own_files(paths: Paths) -> dict[str, bytes]:
    """Our side of the bundle: py/minigpt, pages, and the shipped data as minigpt/data."""
    files = {}
    for root, top in ((paths.root / 'py', 'minigpt'), (paths.root, 'pages')):
        if not (root / top).is_dir():
            raise BuildError(f'the folder {(root / top).relative_to(paths.root)} is missing.')
        for file in sorted((root / top).rglob('*')):
            if file.suffix in OWN_SUFFIXES and '__pycache__' not in file.parts:
                files[file.relative_to(root).as_posix()] = file.read_bytes()
    for name in DATA:
        file = paths.root / 'data' / name
        if not file.is_file():
            raise BuildError(f'data/{name} is missing; restore it from the repository.')
        files[f'minigpt/data/{name}'] = file.read_bytes()
    return files


def content(wheels: list[Wheel], own: dict[str, bytes], paths: Paths, node: str) -> dict:
    """Every file of the bundle: foreign code as .pyc alone, ours as .py with its .pyc beside it.

    Ours keeps its source because pages show it to their readers.
    """
    foreign = wheel_files(wheels, paths.cache / 'wheels')
    sources = {path: data for path, data in (foreign | own).items() if path.endswith('.py')}
    code = compiled(sources, paths, node)
    files = {path: data for path, data in foreign.items() if path not in sources} | own
    for path, bytecode in code.items():
        files[_cache_path(path) if path in own else path + 'c'] = bytecode
    return files


def wheel_files(wheels: list[Wheel], folder: Path) -> dict[str, bytes]:
    """The files of all wheels that belong in the bundle."""
    versions = dict(wheel.requirement.split('==') for wheel in wheels)
    files = {}
    for wheel in wheels:
        with zipfile.ZipFile(folder / wheel.file) as archive:
            for path in archive.namelist():
                if bundle_rules.belongs(path, versions):
                    files[path] = b'' if path in bundle_rules.EMPTIED else archive.read(path)
    return files


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of `files`, the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def _cache_path(path: str) -> str:
    folder, _, name = path.rpartition('/')
    return f'{folder}/__pycache__/{name.removesuffix(".py")}.{PYC_TAG}.pyc'


def _key(wheels, own, paths) -> str:
    digest = hashlib.sha256((paths.pyodide / 'package.json').read_bytes())
    for name in ('bundle.py', 'bundle_rules.py', 'bytecode.py', 'compile_all.py'):
        digest.update(Path(__file__).with_name(name).read_bytes())
    for wheel in wheels:
        digest.update(wheel.sha256.encode())
    for path, data in own.items():
        digest.update(path.encode() + b'\0' + hashlib.sha256(data).digest())
    return digest.hexdigest()
