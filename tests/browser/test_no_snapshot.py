"""A site built without a snapshot: no page is drawn before Python is there, and all of it works."""

import json
from pathlib import Path

import pytest
from chromium import served, wait_live, watched
from playwright.sync_api import expect

from sitebuild.build import build

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='module')
def plain(dist, tmp_path_factory):
    """Such a site."""
    root = tmp_path_factory.mktemp('checkout')
    for name in ('.cache', '.npmrc', 'data', 'node_modules', 'package.json', 'package-lock.json',
                 'pages', 'py', 'requirements.txt', 'site'):
        (root / name).symlink_to(ROOT / name)
    return build(root, wait=True, snapshot=False)


def test_it_holds_no_part_of_a_snapshot_and_is_another_build(plain, dist):
    ours, other = (json.loads((it / 'build.json').read_text()) for it in (plain, dist))
    assert not {'rest.bin', 'views/index.pt.json'} & ours['files'].keys()
    assert ours['files']['snapshot.bin']['bytes'] == 0
    assert ours['build'] != other['build']


def test_it_starts_in_silence_and_computes(plain, browser):
    with served(plain) as root, watched(browser) as tab:  # a file asked for in vain is an error
        warnings = []
        tab.on('console', lambda it: warnings.append(it.text) if it.type == 'warning' else None)
        tab.goto(f'{root}inference.html?seed=12')
        wait_live(tab)
        expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('12')
        assert not [it for it in warnings if 'minigpt' in it]
        for link in tab.locator('#nav a').all():
            link.click()
            wait_live(tab)
            assert tab.locator('section:not([hidden]) .view > *').count()
        tab.locator('.brand').click()
        wait_live(tab)
        tab.get_by_role('button', name='Outra continuação').click()
        expect(tab.locator('ul.facts')).to_contain_text('semente 8')
        tab.keyboard.press('F2')
        line = tab.locator('#console textarea')
        line.fill('import wave; wave.WAVE_FORMAT_PCM')
        line.press('Enter')
        expect(tab.locator('#console article').last.locator('.parts')).to_have_text('1\n')
