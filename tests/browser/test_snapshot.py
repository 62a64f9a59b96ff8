"""Python starts from the snapshot, on a page drawn before; anything wrong with it costs time only."""

import functools
import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from chromium import BOOT, first_held, here, served, wait_live, watched
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
NOISE = ('Failed to load resource', 'net::ERR')


def test_the_first_view_turns_live_in_place(browser, site):
    asked, held = [], []
    with watched(browser) as tab:
        tab.on('request', lambda request: asked.append(request.url.removeprefix(site)))
        tab.route('**/snapshot.bin', lambda route: held.append(route))
        tab.goto(site)
        story = here(tab).locator('.text')
        expect(story).to_contain_text('Era uma vez')
        expect(here(tab).locator('.view')).to_have_attribute('aria-busy', 'true')
        story.evaluate('it => { window.drawn = it }')
        tab.get_by_role('button', name='Outra continuação').click()  # waits for Python, is not lost
        first_held(tab, held).continue_()
        wait_live(tab)
        expect(here(tab).locator('ul.facts')).to_contain_text('semente 8')
        assert tab.evaluate('drawn.isConnected')
        assert here(tab).locator('.view[aria-busy]').count() == 0
    assert 'python.zip' not in asked


def test_python_begins_before_the_shell_and_nothing_it_says_is_lost(browser, site):
    held = []
    with watched(browser) as tab:
        tab.route('**/shell.mjs', lambda route: held.append(route))
        tab.goto(site, wait_until='commit')
        tab.wait_for_function("self.minigptBegun?.heard.some(it => it.data?.type === 'ready')",
                              timeout=BOOT)
        first_held(tab, held).continue_()
        wait_live(tab)
        assert sum(it.url.endswith('/worker.mjs') for it in tab.workers) == 1
        tab.get_by_role('button', name='Outra continuação').click()
        expect(tab.locator('ul.facts')).to_contain_text('semente 8')


def test_an_english_reader_in_the_dark_gets_the_same_page(browser, site):
    with watched(browser, locale='en-GB', color_scheme='dark') as tab:
        tab.goto(f'{site}inference.html')
        wait_live(tab)
        expect(tab.get_by_role('button', name='Generate', exact=True)).to_be_visible()
        tab.locator('header').get_by_role('link', name='Tokenizer').click()
        wait_live(tab)
        expect(here(tab).get_by_label('Your text').first).to_be_visible()


# Ways to break it: what is done to the file's bytes, and what the console then says.

def missing(data: bytes) -> None:
    return None


def cut_short(data: bytes) -> bytes:
    return data[:len(data) // 2]


def altered(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:]


def with_header(change):
    """The whole file with another header, and with a hash in build.json that fits it."""
    def rewritten(data: bytes) -> bytes:
        raw = unpacked(data)
        end = 4 + int.from_bytes(raw[:4], 'little')
        header = json.loads(raw[4:end])
        change(header)
        text = json.dumps(header).encode()
        return stored(len(text).to_bytes(4, 'little') + text + raw[end:])
    rewritten.is_published = True
    return rewritten


@functools.cache
def unpacked(data: bytes) -> bytes:
    """By the decoder that the site uses."""
    program = '''import { ZSTDDecoder } from 'zstddec/stream'
const decoder = new ZSTDDecoder(), parts = []
await decoder.init()
for await (const part of process.stdin) parts.push(part)
process.stdout.write(decoder.decode(Buffer.concat(parts)))'''
    return subprocess.run(['node', '--input-type=module', '-e', program], input=data,
                          capture_output=True, check=True, cwd=ROOT).stdout


def stored(data: bytes) -> bytes:
    """A file of Zstandard's form that compresses nothing (RFC 8878): blocks of up to 128 kB."""
    blocks = [data[at:at + 2**17] for at in range(0, len(data), 2**17)]
    frame = [b'\x28\xb5\x2f\xfd', b'\x00\x80']  # the window is as large as it may be for 64 MB
    frame += [(len(block) << 3 | (i + 1 == len(blocks))).to_bytes(3, 'little') + block
              for i, block in enumerate(blocks)]
    return b''.join(frame)


def other_table(header: dict) -> None:
    header['modules'][3]['table'] -= 1


@pytest.mark.parametrize('harm, reason', [
    (missing, 'missing: snapshot.bin (404)'),
    (cut_short, 'damaged: snapshot.bin'),
    (altered, ''),
    (with_header(lambda header: header.update(bundle='0' * 64)), 'it is of another build'),
    (with_header(lambda header: header.update(pyodide='0' * 64)), 'made with Pyodide 000'),
    (with_header(other_table), 'table of'),
    (with_header(lambda header: header.update(sum=header['sum'] ^ 1)), 'begins differently'),
], ids=['missing', 'cut short', 'altered', 'other build', 'other Pyodide', 'other modules',
        'other memory'])
def test_a_snapshot_that_cannot_be_used_is_told_and_python_starts_without(
        browser, dist, tmp_path, harm, reason):
    for item in dist.iterdir():
        if item.name not in ('snapshot.bin', 'build.json'):
            (tmp_path / item.name).symlink_to(item)
    manifest = json.loads((dist / 'build.json').read_text())
    data = harm((dist / 'snapshot.bin').read_bytes())
    if data is not None:
        (tmp_path / 'snapshot.bin').write_bytes(data)
    if hasattr(harm, 'is_published'):
        manifest['files']['snapshot.bin'] = {'bytes': len(data),
                                             'sha256': hashlib.sha256(data).hexdigest()}
    (tmp_path / 'build.json').write_text(json.dumps(manifest))
    with served(tmp_path) as root, watched(browser, allowed=NOISE) as tab:
        with (tab.expect_request('**/python.zip', timeout=60_000),
              tab.expect_console_message(lambda it: it.type == 'warning') as told):
            tab.goto(root)
        assert told.value.text.startswith('minigpt: starting Python without its snapshot')
        assert reason in told.value.text
        if harm is altered:  # once, to the end
            wait_live(tab)
            tab.get_by_role('button', name='Outra continuação').click()
            expect(here(tab).locator('ul.facts')).to_contain_text('semente 8')
