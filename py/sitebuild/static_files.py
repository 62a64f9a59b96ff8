"""The files that the page itself asks for, taken as they are from npm, the wheels and site/."""

import base64
import json
import re
import zipfile
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.pyodide_patches import patched
from sitebuild.wheels import Wheel

PYODIDE = ('pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip')
LOCK, SCRIPT = 'pyodide-lock.json', 'pyodide.asm.mjs'
SITE = ('manifest.webmanifest', 'server.json')


def collect(wheels: list[Wheel], paths: Paths) -> dict[str, bytes]:
    """Map each path in dist to its content."""
    served = [wheel for wheel in wheels if wheel.served]
    return (_pyodide(served, paths) | _panel_styles(wheels, paths.cache / 'wheels')
            | _folder(paths.root / 'site' / 'assets', 'assets', paths)
            | _folder(paths.root / 'site' / 'server', 'server', paths)
            | _folder(paths.root / 'pages' / 'locale', 'locale', paths) | _decoder(paths)
            | {name: (paths.root / 'site' / name).read_bytes() for name in SITE})


def pyodide_version(paths: Paths) -> str:
    """The version of the installed Pyodide, such as '314.0.3'."""
    return json.loads((paths.pyodide / 'package.json').read_text())['version']


def _pyodide(served: list[Wheel], paths: Paths) -> dict[str, bytes]:
    """Pyodide, and the wheels that micropip finds; its lock lists these and nothing else, since
    nothing else could be fetched."""
    files = {name: (paths.pyodide / name).read_bytes() for name in PYODIDE}
    files |= {wheel.file: (paths.cache / 'wheels' / wheel.file).read_bytes() for wheel in served}
    lock = json.loads((paths.pyodide / LOCK).read_text())
    lock['packages'] = {row['name']: row for row in map(_locked, served)}
    files[LOCK] = json.dumps(lock, indent=1).encode()
    script = files[SCRIPT].decode()
    files[SCRIPT] = patched(script, pyodide_version(paths)).encode()
    return {f'pyodide/{name}': data for name, data in files.items()}


def _decoder(paths: Paths) -> dict[str, bytes]:
    """Zstandard's decoder, which its npm package carries inside a script."""
    script = paths.pyodide.parent / 'zstddec' / 'dist' / 'zstddec-stream.mjs'
    found = re.findall(r'const wasm = "([\w+/=]+)"', script.read_text(encoding='utf-8'))
    if len(found) != 1:
        raise BuildError('node_modules/zstddec has no decoder where it was; '
                         'see py/sitebuild/static_files.py.')
    return {'assets/zstd.wasm': base64.b64decode(found[0])}


def _locked(wheel: Wheel) -> dict:
    """A wheel's row in Pyodide's lock: one importable package of its own name, of pure Python."""
    name, version = wheel.requirement.split('==')
    return {'name': name.replace('_', '-').lower(), 'version': version, 'file_name': wheel.file,
            'sha256': wheel.sha256, 'imports': [name], 'depends': [], 'install_dir': 'site',
            'package_type': 'package', 'unvendored_tests': False}


def _panel_styles(wheels: list[Wheel], folder: Path) -> dict[str, bytes]:
    wheel = next(wheel for wheel in wheels if wheel.requirement.startswith('panel=='))
    version = wheel.requirement.split('==')[1]
    with zipfile.ZipFile(folder / wheel.file) as archive:
        styles = [path for path in archive.namelist()
                  if path.startswith('panel/dist/css/') and path.endswith('.css')]
        return {f'panel/{version}/{path.removeprefix("panel/")}': archive.read(path)
                for path in styles}


def _folder(folder: Path, target: str, paths: Paths) -> dict[str, bytes]:
    if not folder.is_dir():
        raise BuildError(f'the folder {folder.relative_to(paths.root).as_posix()} is missing.')
    return {f'{target}/{file.relative_to(folder).as_posix()}': file.read_bytes()
            for file in sorted(folder.rglob('*')) if file.is_file() and file.name[0] != '.'}
