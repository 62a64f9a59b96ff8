"""The pages on Panel's own server, without a browser's Python: quick while writing one."""

import importlib
import sys
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.pages_html import page_rows
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


def dev(root: Path, host: str, port: int) -> None:
    """Serve every page natively until Ctrl-C; each visitor gets a Viewer of their own."""
    check_free(host, port)
    import panel

    found = viewers(root)
    # On the site the shell's theme.css brings the colours; here Panel's own page must.
    panel.config.raw_css = [importlib.import_module('pages.theme').stylesheet()]
    apps = {('/' if name == 'index' else name): (lambda viewer=viewer: panel.panel(viewer()))
            for name, viewer in found.items()}
    for name in found:
        print(f'{url(host, port)}{"" if name == "index" else name}')
    panel.serve(apps, address=host, port=port, show=False, title='minigpt',
                websocket_origin=[f'{host}:{port}', f'localhost:{port}'])
