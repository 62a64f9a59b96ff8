"""Which wheels the browser gets, and how each is known: by the sha256 in a lock, nothing else."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.scratch import scratch

LOCK = Path(__file__).with_name('wheels.lock.json')


@dataclass(frozen=True)
class Wheel:
    """One wheel: its file name, its sha256 in hex, and whether Pyodide's own CDN carries it.

    A `served` one is no part of the bundle: it lies on the site for micropip to install.
    """

    file: str
    sha256: str
    official: bool = False
    served: bool = False

    @property
    def requirement(self) -> str:
        """What to ask an index for, such as 'numpy==2.4.3'."""
        name, version = self.file.split('-')[:2]
        return f'{name}=={version}'

    @property
    def tags(self) -> tuple[str, str, str]:
        """Python, ABI and platform tags, from the file name."""
        return tuple(self.file.removesuffix('.whl').rsplit('-', 3)[1:])


def wanted(pyodide: Path) -> list[Wheel]:
    """The wheels of wheels.lock.json; official ones get name and hash from Pyodide's own lock."""
    lock = json.loads(LOCK.read_text())
    packages = json.loads((pyodide / 'pyodide-lock.json').read_text())['packages']
    official = [packages[name] for name in lock['official']]
    return ([Wheel(row['file_name'], row['sha256'], official=True) for row in official]
            + [Wheel(file, sha256) for file, sha256 in lock['pinned'].items()]
            + [Wheel(file, sha256, served=True) for file, sha256 in lock['served'].items()])


def gather(wheels: list[Wheel], sources: list, cache: Path) -> dict[str, int]:
    """Put every wheel into the folder `cache`, asking the sources in order for what is missing.

    A source has a `name` and `fetch(wheels, folder)`, which writes the files it has into folder
    and may raise BuildError to say why it could not. Returns how many wheels came from where.
    Raises BuildError when a hash differs (that file is not taken) or no source has a wheel.
    """
    cache.mkdir(parents=True, exist_ok=True)
    missing = [wheel for wheel in wheels if not (cache / wheel.file).exists()]
    for wheel in wheels:
        if wheel not in missing:
            check(cache / wheel.file, wheel, f'{cache.parent.name}/{cache.name} (delete it there)')
    counts = {'cache': len(wheels) - len(missing)}
    reasons = []
    with scratch(cache / 'arriving') as folder:
        for source in sources:
            if not missing:
                break
            try:
                source.fetch(missing, folder)
            except BuildError as error:
                reasons.append(f'{source.name}: {error}')
            got = [wheel for wheel in missing if (folder / wheel.file).exists()]
            for wheel in got:
                check(folder / wheel.file, wheel, source.name)
                os.replace(folder / wheel.file, cache / wheel.file)
            counts[source.name] = len(got)
            missing = [wheel for wheel in missing if wheel not in got]
    if missing:
        names = [wheel.file for wheel in missing[:3]]
        more = f' and {len(missing) - 3} more' if len(missing) > 3 else ''
        raise BuildError(f'no source has {", ".join(names)}{more}; check the network, then run '
                         f'this again ({"; ".join(reasons) or "no source failed"}).')
    return {name: count for name, count in counts.items() if count}


def check(path: Path, wheel: Wheel, origin: str) -> None:
    """Raise BuildError if the file's sha256 is not the one in the lock."""
    got = hashlib.sha256(path.read_bytes()).hexdigest()
    if got != wheel.sha256:
        raise BuildError(f'{wheel.file} from {origin} is not the file in the lock and was '
                         f'refused: expected sha256 {wheel.sha256}, got {got}.')
