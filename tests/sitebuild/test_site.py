"""The built site: the manifest tells the truth and no page points to another origin."""

import hashlib
import json
import re

import pytest

from sitebuild import pages_html
from sitebuild.errors import BuildError


@pytest.fixture(scope='module')
def manifest(dist):
    return json.loads((dist / 'build.json').read_text())


def test_every_file_is_in_the_manifest_with_its_size_and_hash(dist, manifest):
    found = {file.relative_to(dist).as_posix(): file for file in dist.rglob('*') if file.is_file()}
    # server.json is no file of the build: the integration server says there that it is one.
    assert manifest['files'].keys() == found.keys() - {'build.json', 'server.json'}
    assert json.loads(found['server.json'].read_text()) == {}
    for path, facts in manifest['files'].items():
        data = found[path].read_bytes()
        assert facts == {'bytes': len(data), 'sha256': hashlib.sha256(data).hexdigest()}, path


def test_the_parts_that_pages_rely_on_are_there(manifest):
    assert {'index.html', 'inference.html', 'python.zip', 'pyodide/pyodide.mjs',
            'pyodide/pyodide.asm.mjs', 'pyodide/pyodide.asm.wasm', 'pyodide/python_stdlib.zip',
            'pyodide/pyodide-lock.json', 'bokeh/drawing.js', 'locale/pt.json', 'locale/en.json',
            'snapshot.bin', 'rest.bin', 'views/index.pt.json',
            'views/index.en.json'} <= manifest['files'].keys()


def test_pyodide_s_lock_lists_the_wheels_on_the_site_and_no_others(dist, manifest):
    packages = json.loads((dist / 'pyodide' / 'pyodide-lock.json').read_text())['packages']
    wheels = {name.removeprefix('pyodide/') for name in manifest['files'] if name.endswith('.whl')}
    assert wheels == {it['file_name'] for it in packages.values()} and 'tabulate' in packages
    for it in packages.values():
        assert manifest['files'][f'pyodide/{it["file_name"]}']['sha256'] == it['sha256']


def test_urls_in_the_html_are_relative_and_lead_to_files_of_the_site(dist):
    for page in dist.glob('*.html'):
        for url in re.findall(r'(?:src|href|action)="([^"]*)"', page.read_text(encoding='utf-8')):
            if url.startswith(('#', 'data:')):
                continue
            path = re.split('[?#]', url)[0]
            assert not re.match(r'([a-z]+:|/)', path), f'{page.name}: {url}'
            assert (dist / path).exists(), f'{page.name}: {url}'


@pytest.fixture
def small_site(tmp_path):
    """The least that pages_html.render needs, with a text that must be escaped."""
    files = {'site/pages.json': '[{"name": "index", "step": 0, "viewer": "pages.x:X"}]',
             'site/page.html': '<p>{{ text.pt.title }} {{ text.en.title }} {{ build }} '
                               '{{ version }} {{ page.name }} {{ pages | length }} {{ drawn }}</p>',
             'pages/locale/pt.json': '{"title": "a < b"}',
             'pages/locale/en.json': '{"title": "hi"}',
             'py/minigpt/__init__.py': "__version__ = '9.9'\n"}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_the_template_gets_page_pages_text_build_version_and_whether_there_are_views(small_site):
    assert pages_html.render(small_site, 'abc', drawn=True) == {
        'index.html': '<p>a &lt; b hi abc 9.9 index 1 True</p>'}


@pytest.mark.parametrize('path, text, sentence', [
    ('site/pages.json', None, 'site/pages.json is missing'),
    ('site/pages.json', '[', 'site/pages.json is not valid JSON'),
    ('site/pages.json', '[]', 'at least one page'),
    ('site/page.html', None, 'site/page.html is missing'),
    ('site/page.html', '{% if %}', 'site/page.html cannot be rendered'),
    ('site/page.html', '{{ text.pt.nothing }}', 'cannot be rendered.*nothing'),
    ('pages/locale/en.json', None, 'pages/locale/en.json is missing'),
])
def test_a_broken_part_is_named(small_site, path, text, sentence):
    (small_site / path).unlink() if text is None else (small_site / path).write_text(text)
    with pytest.raises(BuildError, match=sentence):
        pages_html.render(small_site, 'abc', drawn=True)
