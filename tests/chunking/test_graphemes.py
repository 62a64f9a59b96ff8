"""What a reader sees as one character stays whole."""

import json
from pathlib import Path

import pytest

from minigpt.chunking import STRATEGIES, chunk
from minigpt.chunking.graphemes import border_after, border_before, joins

GOLDEN = json.loads((Path(__file__).parents[1] / 'golden' / 'chunking.json').read_text())


def borders(text):
    found = [0]
    for at in range(1, len(text)):
        if not joins(text, at, found[-1]):
            found.append(at)
    return found


def test_no_border_inside_a_grapheme_of_the_unicode_standard():
    for text, ends in GOLDEN['graphemes']:
        assert set(borders(text)) <= {0, *ends}, ascii(text)


@pytest.mark.parametrize(('text', 'found'), [
    ('abc', [0, 1, 2]),
    ('e\u0301a', [0, 2]),
    ('\r\n\n', [0, 2]),
    ('👨\u200d👩\u200d👧x', [0, 5]),
    ('👍🏽!', [0, 2]),
    ('🇧🇷🇵🇹', [0, 2]),
    ('☎\ufe0f.', [0, 2]),
    ('각', [0]),
    ('\ud83d\ude00', [0]),      # two lone surrogates that belong together
    ('क\u094dष', [0]),
])
def test_borders(text, found):
    assert borders(text) == found


def test_nearest_borders():
    assert border_before('ae\u0301', 2) == 1
    assert border_after('ae\u0301b', 2) == 3
    assert border_after('ae\u0301', 3) == 3


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_a_grapheme_longer_than_a_chunk_is_kept_whole(strategy):
    family = '👨\u200d👩\u200d👧\u200d👦'
    assert [c.text for c in chunk(family * 3, strategy, 2, 0)] == [family] * 3


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_no_strategy_cuts_between_a_letter_and_its_accent(strategy):
    text = 'a\u0301\u0327' * 40
    for c in chunk(text, strategy, 7, 3):
        assert c.start % 3 == 0 and c.end % 3 == 0 and len(c) <= 7
