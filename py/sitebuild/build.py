"""All steps in order, from the inputs to dist."""

import hashlib
from pathlib import Path

from sitebuild import (
    bundle, dist, kernels, node, pages_html, scripts, service_worker, sizes, snapshot,
    static_files, wheels)
from sitebuild.lock import only_one
from sitebuild.paths import Paths
from sitebuild.progress import step
from sitebuild.sources import InsideWheel, PackageIndex, PyodideCdn

CDN = 'https://cdn.jsdelivr.net/pyodide/v{version}/full/'
OPEN_WEBUI = InsideWheel('open_webui==0.12.4', 'open_webui/frontend/pyodide/')
INPUT_FOLDERS = ('site', 'pages', 'py/minigpt', 'py/sitebuild')
INPUT_FILES = ('package.json', 'package-lock.json', 'requirements.txt',
               *(f'data/{name}' for name in bundle.DATA))


def build(root, wait: bool = False, snapshot: bool = True) -> Path:
    """Bring dist up to date and return its path; quick when nothing changed.

    Without a `snapshot` the site starts Python from its parts, and no page is drawn before. Runs on
    .venv's Python. Raises BuildError, with dist as it was, if any step fails, or if another build
    is running and this one is not to `wait` for it.
    """
    paths = Paths(Path(root).resolve())
    with only_one(paths.cache, wait):
        dist.recover(paths)
        build_id = input_hash(paths, snapshot)
        if dist.is_current(paths.dist, build_id):
            print('dist is up to date')
        else:
            _build(paths, build_id, snapshot)
    return paths.dist


def input_hash(paths: Paths, snapshot: bool) -> str:
    """Twelve hex digits that change when any input of the site does."""
    digest = hashlib.sha256(b'' if snapshot else b'without a snapshot')
    folders = [file for name in INPUT_FOLDERS for file in (paths.root / name).rglob('*')
               if '__pycache__' not in file.parts]
    for file in sorted([*folders, *(paths.root / name for name in INPUT_FILES)]):
        if file.is_file():
            digest.update(file.relative_to(paths.root).as_posix().encode() + b'\0')
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _build(paths: Paths, build_id: str, with_snapshot: bool) -> None:
    html = pages_html.render(paths.root, build_id, drawn=with_snapshot)
    own = bundle.own_files(paths)
    node_path = node.find_node()
    node.ensure(paths)
    version = static_files.pyodide_version(paths)
    with step('kernels') as this:
        compiled = kernels.compiled_kernels(paths)
        own |= compiled
        helper_threads = kernels.helper_threads(paths)
        this.detail = f'{len(compiled)} builds, {sum(map(len, compiled.values())) / 1e3:.0f} kB'
    chosen = wheels.wanted(paths.pyodide)
    with step(f'wheels for the browser ({len(chosen)})') as this:
        sources = [PyodideCdn(CDN.format(version=version)), PackageIndex(), OPEN_WEBUI]
        counts = wheels.gather(chosen, sources, paths.cache / 'wheels')
        this.detail = ', '.join(f'{count} from {name}' for name, count in counts.items())
    with step('Python bundle') as this:
        bundled = [wheel for wheel in chosen if not wheel.served]
        archive, count = bundle.make(bundled, own, paths, node_path)
        this.detail = f'{count} files, {len(archive) / 1e6:.2f} MB'
    static = static_files.collect(chosen, paths)
    static |= scripts.drawing(chosen, paths, node_path)
    static |= {name: scripts.whole(name, paths, node_path)
               for name in ('assets/shell.mjs', 'assets/worker.mjs')}
    memory = {'snapshot.bin': b''}  # how the site is told that it has none
    if with_snapshot:
        with step('snapshot') as this:
            memory = snapshot.make(archive, static['pyodide/pyodide.asm.mjs'], paths, node_path)
            this.detail = f'{len(memory["snapshot.bin"]) / 1e6:.1f} MB'
    with step('site') as this:
        files = static | {'python.zip': archive} | helper_threads | memory
        files |= {name: text.encode() for name, text in html.items()}
        files['service-worker.js'] = service_worker.render(paths.root, build_id).encode()
        dist.replace(paths, files, build=build_id, pyodide=version,
                     unpacked=snapshot.unpacked_size(memory['snapshot.bin']))
        this.detail = (f'{len(html)} pages, {len(files)} files, '
                       f'{sum(map(len, files.values())) / 1e6:.1f} MB in dist')
    print(sizes.report(sizes.sizes(files), sizes.budget(paths.root)))
