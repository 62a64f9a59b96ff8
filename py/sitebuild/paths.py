"""Where everything lies, given the project's root folder."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """The folders of one checkout."""

    root: Path

    @property
    def venv(self) -> Path:
        """The project's own Python environment."""
        return self.root / '.venv'

    @property
    def venv_python(self) -> Path:
        """The interpreter inside it."""
        return self.venv / ('Scripts/python.exe' if os.name == 'nt' else 'bin/python')

    @property
    def cache(self) -> Path:
        """What may be thrown away at any time: wheels, bytecode, bundles."""
        return self.root / '.cache'

    @property
    def node_modules(self) -> Path:
        """What npm installed."""
        return self.root / 'node_modules'

    @property
    def rivals(self) -> Path:
        """What `bench` compares with: an npm package of its own."""
        return self.root / 'tests' / 'bench' / 'rivals'

    @property
    def pyodide(self) -> Path:
        """The Pyodide npm package."""
        return self.node_modules / 'pyodide'

    @property
    def dist(self) -> Path:
        """The built site."""
        return self.root / 'dist'

    @property
    def portable(self) -> Path:
        """The site that opens without a server."""
        return self.root / 'dist-portable'

    @property
    def dist_next(self) -> Path:
        """The site while it is being built; beside dist, so that a rename puts it in place."""
        return self.root / '.dist-next'

    @property
    def dist_previous(self) -> Path:
        """The old site, for the moment of the swap."""
        return self.root / '.dist-previous'
