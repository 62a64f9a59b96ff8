"""What the pages may touch: minigpt, Panel, NumPy; only runtime.py knows of a browser."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / 'pages'
ALLOWED = sys.stdlib_module_names | {'minigpt', 'pages', 'panel', 'param', 'bokeh', 'numpy'}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition('.')[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition('.')[0]


@pytest.mark.parametrize('path', sorted(PAGES.rglob('*.py')), ids=lambda path: path.name)
def test_a_page_does_not_know_where_it_runs(path):
    extra = set(imported(path)) - ALLOWED
    assert extra <= ({'js', 'pyodide'} if path.name == 'runtime.py' else
                     {'tornado', 'jsonschema'} if path.parent.name == 'hosting' else set())


@pytest.mark.parametrize('path', sorted(PAGES.glob('components/*.mjs')), ids=lambda path: path.name)
def test_a_component_s_module_keeps_to_its_folder_and_takes_no_markup(path):
    source = path.read_text(encoding='utf-8')
    assert not re.search(r'\bimport\(|innerHTML|insertAdjacentHTML|\beval\b', source)
    for name in re.findall(r"^import .*|^} from .*", source, re.MULTILINE):
        assert re.search(r"^import {$|from '\./\w+\.mjs'$", name), name
    draws = 'export function render(' in source
    assert draws == path.with_suffix('.py').is_file() == path.with_suffix('.css').is_file()


def test_every_component_has_a_module_and_a_sheet():
    for path in sorted(PAGES.glob('components/[a-z]*.py')):
        assert '(Component):' in path.read_text(encoding='utf-8')
        assert path.with_suffix('.mjs').is_file() and path.with_suffix('.css').is_file(), path.name


def test_every_page_has_its_words_and_its_class():
    from importlib import import_module

    from pages.locale import text
    from pages.page import Page
    for row in json.loads((ROOT / 'site' / 'pages.json').read_text(encoding='utf-8')):
        module, _, name = row['viewer'].partition(':')
        assert issubclass(getattr(import_module(module), name), Page)
        for lang in ('pt', 'en'):
            assert {'title', 'nav', 'heading', 'lead'} <= text(lang)['pages'][row['name']].keys()
