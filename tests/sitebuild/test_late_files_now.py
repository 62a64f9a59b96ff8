"""What Python may read later: it is there by name at once, and comes when somebody reads it."""

import json
import subprocess
from pathlib import Path

import pytest

from sitebuild.node import find_node

HARNESS = Path(__file__).with_name('late_files.mjs')
WAVE = 'import wave; wave.WAVE_FORMAT_PCM'           # of the library
POLYNOMIAL = 'import numpy.polynomial as p; p.__name__'  # of the site's packages
CORPUS = """import os, minigpt.shipped as it
path = it.folder() / it.CORPUS
path.name in os.listdir(path.parent), path.stat().st_size == len(path.read_bytes())"""


@pytest.fixture
def run(dist):
    def run(*lines):
        done = subprocess.run([find_node(), HARNESS, dist, *lines], capture_output=True, text=True,
                              timeout=120)
        assert done.returncode == 0, done.stderr
        return [tuple(it) for it in json.loads(done.stdout)]
    return run


def test_the_start_itself_reads_none_of_it(run):
    assert run('1') == [('1', 0)]


def test_the_first_to_read_brings_all_of_it_at_once(run):
    assert run(WAVE, POLYNOMIAL, CORPUS) == [('1', 1), ('numpy.polynomial', 1),
                                             ('(True, True)', 1)]


def test_without_a_network_a_read_fails_and_can_be_tried_again(run):
    assert run('offline:' + POLYNOMIAL, POLYNOMIAL, WAVE) == [
        ('OSError: [Errno 29] I/O error', 0), ('numpy.polynomial', 1), ('1', 1)]
