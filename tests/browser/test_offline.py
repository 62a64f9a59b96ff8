"""The site kept in the browser: whole builds only, without a network, on the reader's word."""

import hashlib
import json
import os
import shutil
from contextlib import contextmanager

import pytest
from chromium import served, wait_live, watched
from playwright.sync_api import expect

KEPT = {'service_workers': 'allow', 'locale': 'en'}
NOISE = ('net::ERR', 'Failed to load resource')

# What the browser keeps unpacked: the size of each file.
UNPACKED = """async () => {
  const sizes = []
  for await (const folder of (await navigator.storage.getDirectory()).values()) {
    for await (const it of folder.values()) sizes.push((await it.getFile()).size)
  }
  return sizes }"""
CUT_SHORT = """async () => {
  for await (const folder of (await navigator.storage.getDirectory()).values()) {
    for await (const it of folder.values()) {
      const writable = await it.createWritable({ keepExistingData: true })
      await writable.truncate(20_000_000)
      await writable.close()
    }
  } }"""
FORGET_THE_PACKED = """async () => {
  const [cache] = await caches.keys()
  return (await caches.open(cache)).delete('snapshot.bin') }"""
IS_WHOLE = "caches.match('build.json').then(Boolean)"


@pytest.fixture
def copy(dist, tmp_path):
    """The site in a folder of its own, whose files may be changed; big ones are links."""
    def copied(old, new):
        if old.endswith(('.html', '.json', '.css', 'service-worker.js')):
            shutil.copyfile(old, new)
        else:
            os.symlink(old, new)

    shutil.copytree(dist, tmp_path / 'minigpt', copy_function=copied)
    return tmp_path / 'minigpt'


def publish(folder, build: str, files: dict[str, str]) -> None:
    """Put another build of the site into the folder, in which these files have other content."""
    manifest = json.loads((folder / 'build.json').read_text())
    script = (folder / 'service-worker.js').read_text()
    files = files | {'service-worker.js': script.replace(manifest['build'], build)}
    for name, content in files.items():
        (folder / name).write_text(content)
        data = (folder / name).read_bytes()
        manifest['files'][name] = {'bytes': len(data), 'sha256': hashlib.sha256(data).hexdigest()}
    manifest['build'] = build
    (folder / 'build.json').write_text(json.dumps(manifest))


def whole(dist) -> int:
    """Bytes of all files, and of Python's memory unpacked."""
    manifest = json.loads((dist / 'build.json').read_text())
    return sum(it['bytes'] for it in manifest['files'].values()) + manifest['unpacked']


def offline(tab):
    return tab.locator('#offline')


def wait_kept(tab):
    expect(offline(tab)).to_have_attribute('data-state', 'kept', timeout=60_000)
    return tab


def wait_alone(tab):
    """Until the service worker knows of no other tab: it may count one that closed for a moment."""
    tabs = "clients.matchAll({ type: 'window', includeUncontrolled: true }).then(it => it.length)"
    while tab.context.service_workers[0].evaluate(tabs) > 1:
        tab.wait_for_timeout(20)


@contextmanager
def kept_visit(browser, root, **more):
    with watched(browser, **KEPT, **more) as tab:
        tab.goto(root)
        yield wait_kept(wait_live(tab))


def test_every_page_opens_without_a_network_and_isolated(browser, site, dist):
    with kept_visit(browser, site) as tab:
        expect(offline(tab).locator('summary')).to_have_text(
            f'Available offline · {whole(dist) / 1e6:.0f} MB')
        tab.context.set_offline(True)
        for page in sorted(dist.glob('*.html')):
            tab.goto(f'{site}{page.name}')
            wait_live(tab)
            assert tab.evaluate('crossOriginIsolated')
        assert 'unsafe-eval' not in tab.evaluate(
            'fetch("./").then(it => it.headers.get("Content-Security-Policy"))').replace(
                'wasm-unsafe-eval', '')


def test_a_later_visit_unpacks_nothing_unless_what_was_unpacked_is_harmed(browser, site, dist):
    with kept_visit(browser, site) as tab:
        size = json.loads((dist / 'build.json').read_text())['unpacked']
        assert tab.evaluate(UNPACKED) == [size]
        assert tab.evaluate(FORGET_THE_PACKED)
        tab.context.set_offline(True)
        tab.reload()
        wait_live(tab)
        tab.context.set_offline(False)
        tab.evaluate(CUT_SHORT)
        with tab.expect_console_message(lambda it: it.type == 'warning') as told:
            tab.reload()
        assert told.value.text.endswith('(the file ends too early)')
        wait_kept(wait_live(tab))
        assert tab.evaluate(UNPACKED) == [size]


def test_freeing_the_space_leaves_nothing_but_the_lab(browser, site, dist):
    with kept_visit(browser, site) as tab:
        offline(tab).locator('summary').click()
        tab.get_by_role('button', name='Free the space').click()
        expect(offline(tab)).to_have_attribute('data-state', 'none')
        assert tab.evaluate('caches.keys()') == []
        assert tab.evaluate(UNPACKED) == []
        expect(offline(tab)).to_contain_text(f'It takes {whole(dist) / 1e6:.0f} MB')
        tab.reload()
        wait_live(tab)
        assert tab.evaluate('indexedDB.databases()')
        offline(tab).locator('summary').click()
        tab.get_by_role('button', name='Keep for use offline').click()
        wait_kept(tab)


def test_the_space_can_be_freed_without_a_network(browser, site, dist):
    with kept_visit(browser, site, allowed=NOISE) as tab:
        tab.context.set_offline(True)
        offline(tab).locator('summary').click()
        tab.get_by_role('button', name='Free the space').click()
        expect(offline(tab)).to_have_attribute('data-state', 'none')
        assert tab.evaluate('caches.keys()') == []
        expect(offline(tab)).to_contain_text(f'It takes {whole(dist) / 1e6:.0f} MB')


def test_an_update_waits_for_the_reader_and_never_mixes_builds(browser, copy):
    with served(copy.parent) as root, kept_visit(browser, f'{root}minigpt/') as tab:
        old = (copy / 'index.html').read_text()
        publish(copy, 'second', {'index.html': old.replace('<body>', '<body data-build="second">')})
        tab.reload()
        wait_live(tab)
        expect(offline(tab)).to_have_attribute('data-state', 'update', timeout=60_000)
        tab.reload()  # not forced: still the first build, and all of it
        wait_live(tab)
        assert tab.get_attribute('body', 'data-build') is None
        other = tab.context.new_page()
        other.goto(f'{root}minigpt/')
        assert other.get_attribute('body', 'data-build') is None
        offline(tab).locator('summary').click()
        tab.get_by_role('button', name='Update now').click()
        expect(offline(tab)).to_contain_text('open in 1 more tab')
        other.close()
        wait_alone(tab)
        tab.get_by_role('button', name='Update now').click()
        tab.wait_for_selector('body[data-build=second]')
        wait_live(tab)
        publish(copy, 'first', {'index.html': old})  # and back again
        tab.reload()
        wait_live(tab)
        expect(offline(tab)).to_have_attribute('data-state', 'update', timeout=60_000)
        offline(tab).locator('summary').click()
        tab.get_by_role('button', name='Update now').click()
        tab.wait_for_selector('body:not([data-build])')


def test_half_an_installation_is_none(browser, copy):
    publish(copy, 'half', {'index.html': (copy / 'index.html').read_text()})
    (copy / 'assets' / 'theme.css').write_text('/* not what build.json says */')
    with (served(copy.parent) as root, watched(browser, **KEPT, allowed=NOISE) as tab):
        tab.goto(f'{root}minigpt/')
        wait_live(tab)
        expect(offline(tab)).to_have_attribute('data-state', 'failed', timeout=60_000)
        assert not tab.evaluate(IS_WHOLE)


def test_what_the_browser_dropped_comes_again_or_is_named(browser, site):
    drop = """caches.keys().then(([cache]) => caches.open(cache)).then(async files => {
        for (const it of await files.keys()) {
          if (!it.url.endsWith('/build.json')) await files.delete(it)
        } })"""
    with kept_visit(browser, site, allowed=NOISE) as tab:
        tab.evaluate(drop)
        tab.reload()
        wait_live(tab)
        tab.evaluate(drop.replace('await files.delete(it)', """{
            const type = (await files.match(it)).headers.get('Content-Type')
            if (!/html|javascript|css/.test(type)) await files.delete(it) }"""))
        tab.context.set_offline(True)
        tab.reload()
        tab.wait_for_selector('html[data-state=error]', timeout=60_000)
        expect(tab.locator('.boot-error')).to_contain_text('could not be downloaded')
