"""What the snapshot's step makes: patches that fit, views with the same models, parts in budget."""

import json
import re
from pathlib import Path

import pytest

from sitebuild import sizes
from sitebuild.errors import BuildError
from sitebuild.pages_html import page_rows
from sitebuild.pyodide_patches import PATCHES, patched

ROOT = Path(__file__).parents[2]


def test_every_patch_is_in_the_site_s_pyodide_once(dist):
    script = (dist / 'pyodide' / 'pyodide.asm.mjs').read_text()
    original = (ROOT / 'node_modules' / 'pyodide' / 'pyodide.asm.mjs').read_text()
    for old, new in PATCHES:
        assert original.count(old) == 1 and script.count(new) == 1


def test_a_patch_that_does_not_fit_stops_the_build():
    with pytest.raises(BuildError, match='patch of Pyodide 999.* does not fit'):
        patched('another script', '999')


def models(view: dict) -> set[str]:
    return set(re.findall(r'"id": ?"(p\d+)"', json.dumps(view)))


def test_every_page_has_a_view_in_both_languages_with_the_same_models(dist):
    words = set()
    for row in page_rows(ROOT):
        views = [json.loads((dist / 'views' / f'{row["name"]}.{lang}.json').read_text())
                 for lang in ('pt', 'en')]
        assert models(views[0]) and models(views[0]) == models(views[1]), row['name']
        first, second = ([root['id'] for root in it['roots']] for it in views)
        assert first and first == second
        assert views[0] != views[1]
        words |= {row['name']}
    assert {file.name for file in (dist / 'views').iterdir()} == {
        f'{name}.{lang}.json' for name in words for lang in ('pt', 'en')}


def test_no_part_takes_more_than_its_budget(dist):
    files = {file.relative_to(dist).as_posix(): file.read_bytes()
             for file in dist.rglob('*') if file.is_file()}
    found, most = sizes.sizes(files), sizes.budget(ROOT)
    assert found.keys() == most.keys() and all(found.values())
    over = {part: size for part, size in found.items() if size > 1e6 * most[part]}
    assert not over, f'over site/budget.json:\n{sizes.report(found, most)}'
