"""Which files of a wheel the browser's Python gets. Everything here was found by trying."""

import re

# Data that packages read when they are imported, inside folders that are otherwise left out.
KEPT = re.compile(r'bokeh/_sri/(?P<version>[\d.]+)\.json|pyviz_comms/labextension/package\.json')

# Folders: other people's tests, the browser's half of Bokeh and Panel, compilers' input, tools.
DROPPED_FOLDERS = re.compile(r'''
    (.*/)?(tests?|testing/tests|_examples|__pycache__)/
    | bokeh/(_sri|sampledata|server/static|sphinxext)/
    | numpy/(f2py|_pyinstaller|_core/include|_core/lib|random/lib|doc)/
    | panel/(dist|models/vtk|theme/js|template/fast/js)/
    | pyviz_comms/labextension/
    | _yaml/
    | [^/]+\.data/
''', re.VERBOSE)

# Files: typing stubs, sources of compiled code, editors' and packagers' files, manuals.
DROPPED_FILES = re.compile(r'''.*(
    \.(pyi|pxd|pyx|pyf|in|h|c|a|ts|less|ini|ico|rst|md|typed|webmanifest|1)
    | (^|/)(conftest\.py|eslint\.config\.js|package-lock\.json|tsconfig\.json|bokeh\.ext\.json)
    | \.dist-info/(RECORD|WHEEL|INSTALLER|REQUESTED|entry_points\.txt|top_level\.txt)
    | completion\.sh
)''', re.VERBOSE)

# Modules that only give what is written in C its docstrings.
EMPTIED = {'numpy/_core/_add_newdocs.py', 'numpy/_core/_add_newdocs_scalars.py'}

# A CPython wheel's compiled speed-ups; the packages fall back to Python without them.
FOREIGN_BINARY = re.compile(r'.*\.(so|pyd|dylib)')
WASM_BINARY = re.compile(r'.*wasm32-emscripten\.so')


def belongs(path: str, versions: dict[str, str]) -> bool:
    """Whether `path` (relative to site-packages, with '/') goes into the bundle.

    `versions` maps package names to their versions: of Bokeh's hash files only its own is read.
    """
    kept = KEPT.fullmatch(path)
    if kept:
        return kept['version'] in (None, versions['bokeh'])
    if path.endswith('/') or DROPPED_FOLDERS.match(path) or DROPPED_FILES.fullmatch(path):
        return False
    return not FOREIGN_BINARY.fullmatch(path) or bool(WASM_BINARY.fullmatch(path))
