"""dist is swapped in whole or not at all, however a build ends."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from sitebuild import dist
from sitebuild.paths import Paths

REPLACE_FOR_EVER = '''
import pathlib, sys
from sitebuild import dist
from sitebuild.paths import Paths
paths = Paths(pathlib.Path(sys.argv[1]))
print('go', flush=True)
for turn in range(10**9):
    dist.replace(paths, {f'{i}.txt': b'%d' % turn for i in range(20)}, build=str(turn))
'''


@pytest.fixture
def paths(tmp_path):
    paths = Paths(tmp_path)
    dist.replace(paths, {'a.txt': b'old', 'sub/b.txt': b'old'}, build='one', pyodide='1.0')
    return paths


def test_the_new_site_replaces_every_file_of_the_old_one(paths):
    dist.replace(paths, {'c.txt': b'new'}, build='two', pyodide='1.0')
    assert sorted(file.name for file in paths.dist.iterdir()) == ['build.json', 'c.txt']
    assert sorted(os.listdir(paths.root)) == ['dist']


def test_a_failure_while_writing_leaves_the_old_site(paths):
    with pytest.raises(OSError):
        dist.replace(paths, {'a': b'a file', 'a/b': b'cannot be in it'}, build='two', pyodide='1.0')
    assert dist.is_current(paths.dist, 'one')
    assert sorted(os.listdir(paths.root)) == ['dist']


def test_a_build_killed_between_the_two_renames_is_put_right(paths):
    os.rename(paths.dist, paths.dist_previous)
    paths.dist_next.mkdir()
    dist.recover(paths)
    assert dist.is_current(paths.dist, 'one')
    assert sorted(os.listdir(paths.root)) == ['dist']


@pytest.mark.skipif(os.name == 'nt', reason='Windows has no SIGKILL')
def test_killed_at_any_moment_dist_is_one_whole_site(paths):
    for pause in range(8):
        worker = subprocess.Popen([sys.executable, '-c', REPLACE_FOR_EVER, str(paths.root)],
                                  env=os.environ | {'PYTHONPATH': os.pathsep.join(sys.path)},
                                  stdout=subprocess.PIPE)
        worker.stdout.readline()
        time.sleep(0.003 * pause)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        dist.recover(paths)
        build = json.loads((paths.dist / dist.MANIFEST).read_text())['build']
        assert dist.is_current(paths.dist, build)


@pytest.mark.parametrize('harm', [
    lambda file: file.unlink(),
    lambda file: file.write_bytes(b'odd'),
    lambda file: file.write_bytes(b'longer'),
])
def test_a_file_lost_or_changed_in_dist_means_building_again(paths, harm):
    harm(paths.dist / 'a.txt')
    assert not dist.is_current(paths.dist, 'one')


@pytest.mark.parametrize('manifest', ['', '{}', '{"build": "one"}', '[]'])
def test_a_manifest_that_tells_nothing_means_building_again(paths, manifest):
    (paths.dist / dist.MANIFEST).write_text(manifest)
    assert not dist.is_current(paths.dist, 'one')
