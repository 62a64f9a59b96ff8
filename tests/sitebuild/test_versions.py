"""Python and Node that are too old get one sentence."""

import pytest

from sitebuild import node, python_version


@pytest.mark.parametrize('version', [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_told_what_is_needed(version):
    said = python_version.complaint(version)
    assert '3.11' in said and f'{version[0]}.{version[1]}' in said


@pytest.mark.parametrize('version', [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_a_new_python_is_welcome(version):
    assert python_version.complaint(version) == ''


@pytest.mark.parametrize('version', ['v18.20.4', 'v19.9.0', '', 'nonsense'])
def test_an_old_node_is_told_what_is_needed(version):
    said = node.complaint(version)
    assert 'Node 20' in said and (version or 'unknown') in said


@pytest.mark.parametrize('version', ['v20.0.0', 'v24.1.0\n'])
def test_a_new_node_is_welcome(version):
    assert node.complaint(version) == ''


def test_a_missing_node_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(node.BuildError, match='Node was not found; install Node 20'):
        node.find_node()
