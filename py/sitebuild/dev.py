"""The pages on Panel's own server, without a browser's Python: quick while writing one."""

import importlib
import sys
from pathlib import Path

from sitebuild import node
from sitebuild.errors import BuildError
from sitebuild.pages_html import page_rows
from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool
from sitebuild.scratch import scratch
from sitebuild.serve import check_free, url


def viewers(root: Path) -> dict[str, type]:
    """Map each page's name to the class that site/pages.json names for it."""
    sys.path[:0] = [str(root), str(root / 'py')]
    found = {}
    for row in page_rows(root):
        module, _, name = row['viewer'].partition(':')
        try:
            found[row['name']] = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise BuildError(f'site/pages.json names {row["viewer"]}, '
                             f'which cannot be imported: {error}.') from None
    return found


def give_components_their_modules(paths: Paths) -> None:
    """On the site one script has all modules and sheets; here each crosses to the page as text."""
    from pages.components import Component
    node_path = node.find_node()
    node.ensure(paths)
    folder = paths.root / 'pages' / 'components'
    with scratch(paths.cache / 'dev') as made:
        run_tool([node_path, paths.node_modules / 'esbuild' / 'bin' / 'esbuild',
                  *folder.glob('*.mjs'), *folder.glob('*.css'), '--bundle', '--format=esm',
                  f'--outdir={made}', '--out-extension:.js=.mjs', '--log-level=error'],
                 'pages/components could not be bundled')
        text = {it.name: it.read_text(encoding='utf-8') for it in made.iterdir()}
    for kind in Component.__subclasses__():
        name = kind._esm
        kind._esm = text[f'{name}.mjs']
        kind._stylesheets = [text['base.css'], text[f'{name}.css']]


def dev(paths: Paths, host: str, port: int) -> None:
    """Serve every page natively until Ctrl-C; each visitor gets a Viewer of their own."""
    check_free(host, port)
    import panel

    found = viewers(paths.root)
    give_components_their_modules(paths)
    # On the site the shell's theme.css brings the colours; here Panel's own page must.
    panel.config.raw_css = [importlib.import_module('pages.theme').stylesheet()]
    apps = {('/' if name == 'index' else name): (lambda viewer=viewer: panel.panel(viewer()))
            for name, viewer in found.items()}
    for name in found:
        print(f'{url(host, port)}{"" if name == "index" else name}')
    panel.serve(apps, address=host, port=port, show=False, title='minigpt',
                websocket_origin=[f'{host}:{port}', f'localhost:{port}'])
