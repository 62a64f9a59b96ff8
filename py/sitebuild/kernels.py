"""Compile the browser's kernels (py/minigpt/backend/kernels/*.c) with the C compiler that comes as
the Python package ziglang: two builds, with and without relaxed SIMD."""

import hashlib
import importlib.metadata
import os
import sys
from pathlib import Path

from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch

FOLDER = 'minigpt/backend/kernels'
SUFFIX = '.cpython-314-wasm32-emscripten.so'
CPU = '-mcpu=generic+simd128+bulk_memory'
BUILDS = {'_simd': [CPU], '_relaxed': [CPU + '+relaxed_simd', '-DRELAXED']}
# No library, no headers of one: Python's functions are found in Pyodide when the module is loaded.
COMPILE = ['cc', '-target', 'wasm32-emscripten', '-std=c11', '-O3', '-Wall', '-Werror',
           '-Wno-unused-function',  # the two modules share files, not all that is in them
           '-fvisibility=hidden', '-ffreestanding', '-fno-builtin', '-nostdlib', '-nostdlibinc',
           '-c']
SIDE_MODULE = ['wasm-ld', '-shared', '--experimental-pic', '--unresolved-symbols=import-dynamic',
               '--import-memory', '--import-table', '--strip-all']
# The helper thread has a memory of its own, which helper_threads.mjs makes and lets grow.
HELPER_THREAD = ['wasm-ld', '--no-entry', '--import-memory', '--shared-memory',
                 f'--initial-memory={2 ** 26}', f'--max-memory={2 ** 28}', '--export=serve',
                 '--export=task', '--export=__heap_base', '--strip-all']


def compiled_kernels(paths: Paths) -> dict[str, bytes]:
    """Map the bundle's path of each build (…/_simd.cpython-….so) to its bytes.

    BuildError says where the C code is wrong.
    """
    folder = _compiled(paths)
    return {f'{FOLDER}/{name}{SUFFIX}': (folder / f'{name}.so').read_bytes() for name in BUILDS}


def helper_threads(paths: Paths) -> dict[str, bytes]:
    """Map the site's path of each build for the helper thread to its bytes; BuildError as above."""
    folder = _compiled(paths)
    return {f'assets/helper_thread{name}.wasm': (folder / f'{name}.wasm').read_bytes()
            for name in BUILDS}


def _compiled(paths: Paths) -> Path:
    """The folder in .cache/kernels with all builds of the present sources."""
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
    return cache


def _compile(paths: Paths, name: str, options: list[str], folder: Path) -> None:
    zig = [sys.executable, '-m', 'ziglang']
    places = {'env': os.environ | {'ZIG_GLOBAL_CACHE_DIR': str(paths.cache / 'zig'),
                                   'ZIG_LOCAL_CACHE_DIR': str(paths.cache / 'zig')}}

    def compiled(source: str, result: str, link: list[str], *more: str) -> None:
        """One file of C, compiled and linked."""
        failure = f'{source} could not be compiled ({name})'
        run_tool([*zig, *COMPILE, *options, *more, paths.root / 'py' / FOLDER / source,
                  '-o', folder / 'object.o'], failure, **places)
        run_tool([*zig, *link, folder / 'object.o', '-o', folder / result], failure, **places)
        (folder / 'object.o').unlink()

    compiled('module.c', f'{name}.so', [*SIDE_MODULE, f'--export=PyInit_{name}'], '-fPIC',
             f'-DMODULE={name}')
    compiled('helper_thread.c', f'{name}.wasm', HELPER_THREAD, '-matomics')
