"""A tab whose worker runs any Python with the built site's minigpt: see python_tab/."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from chromium import FLAGS, served, watched
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
CARD = ('--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan')
FILES = (HERE / 'gpu_cases.py', HERE / 'gpu_runs.py', HERE.parent / 'backend' / 'cases.py')
PATIENCE = 300_000  # ms


@contextlib.contextmanager
def python_tab(dist: Path, folder: Path, flags: tuple[str, ...] = (),
               query: str = '', headers: dict[str, str] | None = None) -> Iterator[Callable]:
    """Give a function that runs Python code in the tab and returns its last value.

    `headers` are sent with each file.

    With the flags CARD the browser has a card, emulated on the CPU; without them it has none.
    """
    shutil.copytree(HERE / 'python_tab', folder / 'python')
    (folder / 'minigpt').symlink_to(dist)
    files = {path.name: path.read_text(encoding='utf-8') for path in FILES}
    with sync_playwright() as playwright, served(folder, **headers or {}) as address:
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'),
                                             args=[*FLAGS, *flags])
        with watched(browser) as tab:
            tab.set_default_timeout(PATIENCE)
            tab.goto(f'{address}python/index.html{query}')
            yield lambda code: tab.evaluate('([files, code]) => runPython(files, code)',
                                            [files, code])
        browser.close()
