"""Wheels are taken from the first source that has them, and only when their hash is right."""

import functools
import hashlib
import http.server
import threading
import zipfile
from pathlib import Path

import pytest

from sitebuild.errors import BuildError
from sitebuild.sources import InsideWheel, PackageIndex, PyodideCdn, open_wheel
from sitebuild.wheels import Wheel, gather


def make_wheel(folder: Path, name: str, members: dict | None = None, official=False) -> Wheel:
    """A small real wheel, version 1.0, in `folder`."""
    file = folder / f'{name}-1.0-py3-none-any.whl'
    info = f'{name}-1.0.dist-info'
    with zipfile.ZipFile(file, 'w') as archive:
        archive.writestr(f'{name}.py', 'ONE = 1\n')
        archive.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n')
        archive.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\n'
                                          'Tag: py3-none-any\n')
        archive.writestr(f'{info}/RECORD', '')
        for path, data in (members or {}).items():
            archive.writestr(path, data)
    return Wheel(file.name, hashlib.sha256(file.read_bytes()).hexdigest(), official)


class Shelf:
    """A source: a folder of files. It remembers what it was asked for."""

    def __init__(self, name, folder):
        self.name, self.folder, self.asked = name, folder, []

    def fetch(self, wheels, folder):
        self.asked.append([wheel.file for wheel in wheels])
        for wheel in wheels:
            if (self.folder / wheel.file).exists():
                (folder / wheel.file).write_bytes((self.folder / wheel.file).read_bytes())


@pytest.fixture
def folders(tmp_path):
    made = [tmp_path / name for name in ('first', 'second', 'cache')]
    for folder in made:
        folder.mkdir()
    return made


@pytest.fixture
def own_index(monkeypatch, folders):
    """pip sees the folder `first` and no index."""
    monkeypatch.setenv('PIP_NO_INDEX', '1')
    monkeypatch.setenv('PIP_FIND_LINKS', str(folders[0]))


def test_later_sources_are_asked_only_for_what_is_still_missing(folders):
    first, second, cache = folders
    a, b = make_wheel(first, 'aaa'), make_wheel(second, 'bbb')
    shelves = Shelf('one', first), Shelf('two', second)
    assert gather([a, b], shelves, cache) == {'one': 1, 'two': 1}
    assert shelves[0].asked == [[a.file, b.file]] and shelves[1].asked == [[b.file]]
    assert sorted(file.name for file in cache.iterdir()) == [a.file, b.file]


def test_what_is_in_the_cache_is_not_asked_for(folders):
    first, _, cache = folders
    wheel, shelf = make_wheel(cache, 'aaa'), Shelf('one', first)
    assert gather([wheel], [shelf], cache) == {'cache': 1}
    assert shelf.asked == []


def test_a_differing_hash_is_refused_and_nothing_is_kept(folders):
    first, second, cache = folders
    wheel = make_wheel(first, 'aaa')
    expected = wheel.sha256
    (first / wheel.file).write_bytes((first / wheel.file).read_bytes() + b'!')
    got = hashlib.sha256((first / wheel.file).read_bytes()).hexdigest()
    with pytest.raises(BuildError) as caught:
        gather([wheel], [Shelf('one', first), Shelf('two', second)], cache)
    assert all(part in str(caught.value) for part in (wheel.file, expected, got, 'one'))
    assert list(cache.iterdir()) == []


def test_one_flipped_byte_in_the_cache_is_noticed(folders):
    wheel, cache = make_wheel(folders[2], 'aaa'), folders[2]
    data = bytearray((cache / wheel.file).read_bytes())
    data[40] ^= 1
    (cache / wheel.file).write_bytes(data)
    with pytest.raises(BuildError, match='delete it there.*was refused'):
        gather([wheel], [], cache)


def test_a_wheel_that_nobody_has_is_named_with_the_reasons(folders):
    class Closed:
        name = 'closed'

        def fetch(self, wheels, folder):
            raise BuildError('not reachable')

    wheel = Wheel('zzz-1.0-py3-none-any.whl', '0' * 64)
    with pytest.raises(BuildError, match='zzz-1.0.*closed: not reachable'):
        gather([wheel], [Closed()], folders[2])


def test_the_cdn_is_asked_for_official_wheels_only(folders):
    first, _, cache = folders
    official, other = make_wheel(first, 'aaa', official=True), make_wheel(first, 'bbb')
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(first))
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        PyodideCdn(f'http://127.0.0.1:{server.server_port}/').fetch([official, other], cache)
        server.shutdown()
    assert [file.name for file in cache.iterdir()] == [official.file]


def test_a_cdn_that_does_not_answer_is_said_and_the_next_source_is_asked(folders):
    first, _, cache = folders
    wheel = make_wheel(first, 'aaa', official=True)
    nobody = PyodideCdn('http://127.0.0.1:9/')  # the discard port: nothing listens there
    assert gather([wheel], [nobody, Shelf('next', first)], cache) == {'next': 1}


def test_the_index_is_the_one_pip_is_set_up_with(folders, own_index):
    first, _, cache = folders
    wheel = make_wheel(first, 'aaa')
    assert gather([wheel], [PackageIndex()], cache) == {'package index': 1}


def test_a_wheel_inside_a_wheel_is_found(folders, own_index):
    first, second, cache = folders
    inner = make_wheel(second, 'inner')
    make_wheel(first, 'outer', {f'outer/wheels/{inner.file}': (second / inner.file).read_bytes()})
    source = InsideWheel('outer==1.0', 'outer/wheels/')
    assert gather([inner], [source], cache) == {'inside outer==1.0': 1}


def test_a_wheel_on_this_machine_opens_by_its_file_url(folders):
    wheel = make_wheel(folders[0], 'aaa')
    with open_wheel((folders[0] / wheel.file).as_uri()) as archive:
        assert 'aaa.py' in archive.namelist()
