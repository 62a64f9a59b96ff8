"""build.py as a person meets it: usage, errors and exit codes."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sitebuild import cli, environment
from sitebuild.errors import BuildError
from sitebuild.lock import only_one
from sitebuild.paths import Paths
from sitebuild.run_tool import run_tool, telling_line

ROOT = Path(__file__).parents[2]


def door(*arguments, root=ROOT, **options):
    """Run build.py and return what it did."""
    return subprocess.run([sys.executable, root / 'build.py', *arguments], capture_output=True,
                          text=True, timeout=120, **options)


@pytest.mark.parametrize('arguments', [['nonsense'], ['serve', '--port', 'x'],
                                       ['serve', '--port', '70000'], ['dev', '--what']])
def test_wrong_usage_exits_with_2(arguments):
    done = door(*arguments)
    assert done.returncode == 2 and 'usage: build.py' in done.stderr


@pytest.mark.parametrize('arguments, sentence', [
    (['--portable', 'serve'], '--portable goes without a command, not with serve'),
    (['--portable', 'dev'], '--portable goes without a command, not with dev'),
    (['--portable', 'test'], '--portable goes without a command, not with test'),
    (['--portable', 'bench'], '--portable goes without a command, not with bench'),
    (['--portable', 'clean'], '--portable goes without a command, not with clean'),
    (['--no-snapshot', 'dev'], '--no-snapshot goes with a build or with serve, not with dev'),
    (['--no-snapshot', 'test'], '--no-snapshot goes with a build or with serve, not with test'),
    (['--no-snapshot', 'bench'], '--no-snapshot goes with a build or with serve, not with bench'),
    (['--no-snapshot', 'clean'], '--no-snapshot goes with a build or with serve, not with clean'),
    (['--no-snapshot', 'serve', '--dir', 'x'], '--dir builds nothing'),
    (['serve', '--token', 'x'], '--token only with --integration'),
    (['serve', '--state', 'x', '--origin', 'http://x'],
     '--state and --origin only with --integration'),
    (['serve', '--allow-host', 'x'], '--allow-host only with --integration'),
])
def test_an_option_that_would_do_nothing_is_refused(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as exit:
        cli.parsed(arguments)
    assert exit.value.code == 2 and sentence in capsys.readouterr().err


@pytest.mark.parametrize('arguments', [
    [], ['--portable'], ['--no-snapshot'], ['--portable', '--no-snapshot'],
    ['--no-snapshot', 'serve'], ['serve', '--dir', 'x', '--integration', '--token', 'x'],
    ['clean'], ['test'], ['bench'], ['dev', '--port', '0']])
def test_an_option_that_does_something_is_taken(arguments):
    cli.parsed(arguments)


def test_a_taken_port_is_said_before_anything_is_built():
    with socket.create_server(('127.0.0.1', 0)) as taken:
        done = door('serve', '--port', str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and 'is in use' in done.stderr


def test_a_second_build_at_the_same_time_is_refused(tmp_path):
    with only_one(tmp_path):
        with pytest.raises(BuildError, match='another build is running'):
            with only_one(tmp_path):
                pass
    with only_one(tmp_path):
        pass


def test_the_environment_is_ready_and_is_this_one(dist):
    paths = Paths(ROOT)
    assert environment.is_current(paths)
    assert environment.ensure(ROOT) == paths.venv_python


def test_an_index_that_does_not_answer_leaves_no_half_environment(tmp_path):
    shutil.copytree(ROOT / 'py' / 'sitebuild', tmp_path / 'py' / 'sitebuild')
    shutil.copy(ROOT / 'build.py', tmp_path)
    (tmp_path / 'requirements.txt').write_text('no-such-thing==1.0\n')
    done = door(root=tmp_path, env=os.environ | {'PIP_NO_INDEX': '1'})
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith('build.py: pip could not install')
    assert not (tmp_path / '.venv').exists()


def test_a_tool_that_fails_is_quoted():
    with pytest.raises(BuildError, match=r'it broke \(ValueError: the cause\)'):
        run_tool([sys.executable, '-c', 'raise ValueError("the cause")'], 'it broke')


def test_a_tool_that_is_not_there_is_said():
    with pytest.raises(BuildError, match='it broke'):
        run_tool(['/no/such/tool'], 'it broke')


@pytest.mark.parametrize('output, line', [
    ('npm error the cause\nnpm error A complete log of this run is in X', 'npm error the cause'),
    ('npm error FetchError: the cause\nnpm error type: 1', 'npm error FetchError: the cause'),
    ('one\nERROR: the cause\nhint: more', 'ERROR: the cause'), ('', 'it said nothing')])
def test_the_telling_line_of_an_output(output, line):
    assert telling_line(output) == line
