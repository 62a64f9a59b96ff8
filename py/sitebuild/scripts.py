"""Scripts that esbuild makes of many modules, since a browser is slow to ask for each of them.

What draws: site/drawing.mjs and site/plotting.mjs, with our components and what pages need of BokehJS
and Panel, whose own scripts hold every widget and pane and take half a second to read. The page's
side, site/assets/shell.mjs, and the worker's, site/assets/worker.mjs: each with all that it imports.
Those modules stay beside them for whoever wants one of them.
"""

import json
import zipfile
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch
from sitebuild.wheels import Wheel

DRAWING = Path(__file__).parent / 'bundle_drawing.mjs'
PANEL = 'panel/dist/lib/'  # in its wheel: its models, one module each


def drawing(wheels: list[Wheel], paths: Paths, node: str) -> dict[str, bytes]:
    """What draws Panel's documents, of the versions that Python has: the scripts in dist/bokeh."""
    files = {name: (version, paths.cache / 'wheels' / wheel.file) for wheel in wheels
             for name, version in [wheel.requirement.split('==')]}
    package = paths.node_modules / '@bokeh' / 'bokehjs'
    ours, theirs = json.loads((package / 'package.json').read_text())['version'], files['bokeh'][0]
    if ours != theirs:
        raise BuildError(f'package.json has @bokeh/bokehjs {ours} and Python has Bokeh {theirs}; '
                         'give package.json the same version.')
    with scratch(paths.cache / 'drawing') as folder:
        with zipfile.ZipFile(files['panel'][1]) as archive:
            archive.extractall(folder, [name for name in archive.namelist()
                                        if name.startswith(PANEL) and name.endswith('.js')])
        made = run_tool([node, DRAWING, paths.root / 'site', paths.root / 'pages' / 'components',
                         package / 'build' / 'js' / 'lib', folder / PANEL, paths.node_modules],
                        'BokehJS and Panel could not be bundled')
    return {f'bokeh/{name}.js': script.encode() for name, script in json.loads(made).items()}


def whole(module: str, paths: Paths, node: str) -> bytes:
    """A module of site/, with all that it imports."""
    return run_tool([node, paths.node_modules / 'esbuild' / 'bin' / 'esbuild',
                     paths.root / 'site' / module, '--bundle', '--format=esm', '--target=es2022',
                     '--log-level=error'], f'site/{module} could not be bundled').encode()
