"""Compile the browser's kernels (py/minigpt/backend/kernels/*.c) with the C compiler that comes as
the Python package ziglang: two builds, with and without relaxed SIMD."""

import hashlib
import importlib.metadata
import os
import sys

from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch

FOLDER = 'minigpt/backend/kernels'
SUFFIX = '.cpython-314-wasm32-emscripten.so'
BUILDS = {'_simd': ['-mcpu=generic+simd128+bulk_memory'],
          '_relaxed': ['-mcpu=generic+simd128+bulk_memory+relaxed_simd', '-DRELAXED']}
# No library, no headers of one: Python's functions are found in Pyodide when the module is loaded.
COMPILE = ['cc', '-target', 'wasm32-emscripten', '-std=c11', '-O3', '-Wall', '-Werror', '-fPIC',
           '-fvisibility=hidden', '-ffreestanding', '-fno-builtin', '-nostdlib', '-nostdlibinc']
LINK = ['wasm-ld', '-shared', '--experimental-pic', '--unresolved-symbols=import-dynamic',
        '--import-memory', '--import-table', '--strip-all']


def compiled_kernels(paths: Paths) -> dict[str, bytes]:
    """Map the bundle's path of each build (…/_simd.cpython-….so) to its bytes; kept in .cache/kernels.

    BuildError says where the C code is wrong.
    """
    sources = sorted((paths.root / 'py' / FOLDER).glob('*.[ch]'))
    digest = hashlib.sha256(importlib.metadata.version('ziglang').encode())
    for item in [*sources, __file__]:
        with open(item, 'rb') as file:
            digest.update(file.read() + b'\0')
    cache = paths.cache / 'kernels' / digest.hexdigest()
    if not cache.exists():
        with scratch(paths.cache / 'kernels-next') as folder:
            for name, options in BUILDS.items():
                _compile(paths, name, options, folder)
            cache.parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder, cache)
    return {f'{FOLDER}/{name}{SUFFIX}': (cache / f'{name}.so').read_bytes() for name in BUILDS}


def _compile(paths: Paths, name: str, options: list[str], folder) -> None:
    zig = [sys.executable, '-m', 'ziglang']
    places = {'env': os.environ | {'ZIG_GLOBAL_CACHE_DIR': str(paths.cache / 'zig'),
                                   'ZIG_LOCAL_CACHE_DIR': str(paths.cache / 'zig')}}
    failure = f'the kernels could not be compiled ({name})'
    run_tool([*zig, *COMPILE, *options, f'-DMODULE={name}', '-c',
              paths.root / 'py' / FOLDER / 'module.c', '-o', folder / f'{name}.o'], failure, **places)
    run_tool([*zig, *LINK, f'--export=PyInit_{name}', folder / f'{name}.o', '-o',
              folder / f'{name}.so'], failure, **places)
    (folder / f'{name}.o').unlink()
