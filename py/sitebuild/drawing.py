"""One script of BokehJS and Panel that holds what pages need of both: site/drawing.mjs, bundled.

Their own scripts hold every widget and pane; a browser takes half a second to read them.
"""

import json
import zipfile
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch
from sitebuild.wheels import Wheel

SCRIPT = Path(__file__).parent / 'bundle_drawing.mjs'
PANEL = 'panel/dist/lib/'  # in its wheel: its models, one module each


def make(wheels: list[Wheel], paths: Paths, node: str) -> bytes:
    """The script, of the versions that Python has."""
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
        return run_tool([node, SCRIPT, paths.root / 'site' / 'drawing.mjs',
                         package / 'build' / 'js' / 'lib', folder / PANEL, paths.node_modules],
                        'BokehJS and Panel could not be bundled').encode()
