"""A folder copied badly, or to a place with an odd name, as its page meets it."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from sitebuild import portable
from sitebuild.node import find_node

ROOT = Path(__file__).parents[2]
MODULE = b'export const here = import.meta.url\n'


@pytest.fixture(scope='module')
def found(tmp_path_factory):
    """What start.js answers for each file: status, bytes, the module's source, kept in memory."""
    folder = tmp_path_factory.mktemp('pen') / "a $& b $$ it's ç"
    files = {path: portable.script(path, data) for path, data in {
        'whole.bin': bytes(900), 'cut.bin': bytes(900), 'altered.bin': bytes(900),
        'where.mjs': MODULE, 'cut.mjs': MODULE}.items()}
    files['cut.mjs'] = files['cut.mjs'][:40]
    files['cut.bin'] = files['cut.bin'][:300]
    files['altered.bin'] = files['altered.bin'].replace(b'AAAA', b'!!!!', 1)
    for path, data in files.items():
        (folder / 'portable').mkdir(parents=True, exist_ok=True)
        (folder / 'portable' / f'{path}.js').write_bytes(data)
    command = [find_node(), '--expose-gc', ROOT / 'tests/sitebuild/portable_page.mjs',
               ROOT / 'site/portable/start.js', folder, *files, 'absent.bin', 'absent.mjs']
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    # A promise that is never kept ends Node without a word: a page would wait for ever.
    assert done.returncode == 0, done.stderr or 'a file was neither given nor refused'
    return json.loads(done.stdout), folder


def test_a_whole_file_is_given(found):
    assert found[0]['whole.bin'][:3] == [200, 900, '']


@pytest.mark.parametrize('path', ['cut.bin', 'altered.bin'])
def test_a_damaged_file_comes_as_an_empty_one_which_its_size_gives_away(found, path):
    assert found[0][path][:3] == [200, 0, '']


def test_an_absent_file_is_not_found(found):
    assert found[0]['absent.bin'][:3] == [404, 0, '']


@pytest.mark.parametrize('path', ['cut.mjs', 'absent.mjs'])
def test_a_module_that_cannot_be_read_is_named(found, path):
    assert found[0][path][2] == f'{path} cannot be read'


def test_nothing_that_was_given_is_kept_in_memory(found):
    assert not any(kept for *_, kept in found[0].values())


def test_the_page_knows_where_each_file_lies_in_the_folder():
    start = (ROOT / 'site' / 'portable' / 'start.js').read_text(encoding='utf-8')
    there = re.search(r'SCRIPTS = /\\\.\(([\w|]+)\)\$/', start)[1].split('|')
    assert {f'.{kind}' for kind in there} == portable.FETCHED


def test_a_module_knows_its_address_in_a_folder_of_any_name(found):
    answers, folder = found
    source = answers['where.mjs'][2]
    address = json.loads(source.removeprefix('export const here = '))
    # Unquoted, since Python and browsers escape different characters.
    assert unquote(address) == unquote((folder / 'where.mjs').as_uri())
