"""Where wheels can come from, each an object with a name and `fetch(wheels, folder)`."""

import http.client
import json
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from sitebuild.errors import BuildError
from sitebuild.run_tool import run_tool, telling_line
from sitebuild.wheels import Wheel

CONNECT_SECONDS = 4
BROWSER_PYTHON = '3.14'
PIP = [sys.executable, '-m', 'pip', '--disable-pip-version-check', '--retries', '2']


class PyodideCdn:
    """Pyodide's public file server; it has the official wheels only."""

    name = 'Pyodide CDN'

    def __init__(self, base_url: str):
        """`base_url` is the folder of one Pyodide release, with a slash at its end."""
        self.base_url = base_url

    def fetch(self, wheels: list[Wheel], folder: Path) -> None:
        """Fetch the official ones; the first failure ends it, so a blocked host costs seconds."""
        for wheel in filter(lambda wheel: wheel.official, wheels):
            try:
                with urllib.request.urlopen(self.base_url + wheel.file,
                                            timeout=CONNECT_SECONDS) as answer:
                    data = answer.read()
            except (OSError, ValueError, http.client.HTTPException) as error:
                raise BuildError(f'not reachable ({error})') from None
            (folder / wheel.file).write_bytes(data)


class PackageIndex:
    """The Python package index that pip is set up to use."""

    name = 'package index'

    def fetch(self, wheels: list[Wheel], folder: Path) -> None:
        """One `pip download` for all wheels with the same tags."""
        problems = []
        for tags in sorted({wheel.tags for wheel in wheels}):
            group = [wheel.requirement for wheel in wheels if wheel.tags == tags]
            done = subprocess.run([*PIP, 'download', '--no-deps', '--only-binary=:all:', '-d',
                                   folder, *_target(tags), *group], stdin=subprocess.DEVNULL,
                                  capture_output=True, encoding='utf-8', errors='replace')
            if done.returncode:
                problems.append(telling_line(done.stderr))
        if problems:
            raise BuildError(problems[-1])


def _target(tags: tuple[str, str, str]) -> list[str]:
    python, abi, platforms = tags
    if platforms == 'any':  # for the browser's Python, whichever runs the build
        return ['--python-version', BROWSER_PYTHON]
    version = f'{python[2]}.{python[3:]}'
    return ['--implementation', python[:2], '--python-version', version, '--abi', abi,
            *(part for name in platforms.split('.') for part in ('--platform', name))]


class InsideWheel:
    """Wheels that lie as members inside a larger wheel of the package index.

    Only the needed members are transferred (HTTP range requests).
    """

    def __init__(self, requirement: str, folder: str):
        """`requirement` names the outer wheel, `folder` the place of the members in it."""
        self.name = f'inside {requirement}'
        self.requirement = requirement
        self.folder = folder

    def fetch(self, wheels: list[Wheel], folder: Path) -> None:
        """Take those members whose file names are asked for."""
        from remotezip import RemoteZipError

        try:
            with open_wheel(self._url()) as archive:
                for wheel in wheels:
                    member = self.folder + wheel.file
                    if member in archive.namelist():
                        (folder / wheel.file).write_bytes(archive.read(member))
        except (OSError, RemoteZipError, zipfile.BadZipFile) as error:
            raise BuildError(f'not readable ({error})') from None

    def _url(self) -> str:
        report = run_tool(
            [*PIP, 'install', '--dry-run', '--ignore-installed', '--ignore-requires-python',
             '--no-deps', '--only-binary=:all:', '--quiet', '--report', '-', self.requirement],
            f'pip does not find {self.requirement}')
        return json.loads(report)['install'][0]['download_info']['url']


def open_wheel(url: str) -> zipfile.ZipFile:
    """Open a wheel by its URL: a file of this machine, or over HTTP with range requests."""
    from remotezip import RemoteZip

    parts = urlsplit(url)
    if parts.scheme == 'file':
        return zipfile.ZipFile(urllib.request.url2pathname(parts.path))
    return RemoteZip(url)
