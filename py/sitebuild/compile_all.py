"""Runs inside Pyodide: compiles every .py below /in to the same place below /out, as .pyc.

The bytecode says where the module will be (site-packages), and that its source need not be
checked. Other people's code comes without docstrings and assertions, and all of it without the
columns that tracebacks point at: a third of what it would weigh in memory. Each file that does
not compile is named in the printed JSON list.
"""

import json
import os
import py_compile
import sys

SITE_PACKAGES = f'/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages'


OURS = ('minigpt/', 'pages/')  # their docstrings may be read


def compile_all(source_root: str, target_root: str) -> list[str]:
    """Compile a whole folder; return one line per file that failed."""
    failures = []
    for folder, _, names in os.walk(source_root):
        for name in sorted(names):
            source = os.path.join(folder, name)
            path = os.path.relpath(source, source_root)
            try:
                py_compile.compile(source, os.path.join(target_root, path + 'c'),
                                   f'{SITE_PACKAGES}/{path}', doraise=True,
                                   optimize=0 if path.startswith(OURS) else 2,
                                   invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
            except py_compile.PyCompileError as error:
                failures.append(f'{path}: {error.exc_value}')
    return failures


json.dumps(compile_all('/in', '/out'))
