"""A window of the text is cut wherever a chunk begins or ends, and nothing of it is lost."""

import pytest

from minigpt.chunking import STRATEGIES, chunk
from minigpt.lab import shipped_lab
from pages.chunking.window import CHARACTERS, MOST, described, neighbours, segments, window_at
from pages.chunking.cutting import excerpt

TEXT = shipped_lab().corpus[:12_000]


@pytest.fixture(params=[(strategy, overlap) for strategy in STRATEGIES for overlap in (0, 40, 240)],
                ids=lambda it: f'{it[0]}-{it[1]}')
def chunks(request):
    strategy, overlap = request.param
    return chunk(TEXT, strategy, 320, overlap)


def windows(chunks):
    """All windows of a text, one behind the other."""
    at, found = 0, []
    while not found or found[-1].last + 1 < len(chunks):
        found.append(window_at(chunks, at))
        at = chunks[min(found[-1].last + 1, len(chunks) - 1)].start
    return found


def test_the_windows_show_every_chunk_once(chunks):
    shown = [i for it in windows(chunks) for i in range(it.first, it.last + 1)]
    assert shown == list(range(len(chunks)))
    for it in windows(chunks):
        assert it.begin == chunks[it.first].start and it.end == chunks[it.last].end
        assert it.end - it.begin < CHARACTERS + 320 and it.last - it.first < MOST


def test_the_segments_are_the_text_and_name_all_chunks_that_hold_them(chunks):
    for window in windows(chunks):
        at = window.begin
        for it in segments(chunks, window.begin, window.end):
            end = at + len(it['text'])
            holders = [i for i, c in enumerate(chunks) if c.start <= at and end <= c.end]
            assert holders == list(range(it['first'], it['last'] + 1))
            assert it['text'] == TEXT[at:end] != ''
            assert (it['opens'] >= 0) == any(c.start == at for c in chunks)
            assert (it['closes'] >= 0) == any(c.end == end for c in chunks)
            at = end
        assert at == window.end


def test_a_window_of_another_strategy_s_chunks_is_whole_too(chunks):
    others = chunk(TEXT, 'sentence', 500, 0)
    for window in windows(others):
        pieces = segments(chunks, window.begin, window.end)
        assert ''.join(it['text'] for it in pieces) == TEXT[window.begin:window.end]


def test_what_is_said_of_a_chunk_is_minigpt_s(chunks):
    tokenizer = shipped_lab().tokenizer
    it = described(chunks[1], 1, tokenizer)
    assert it['characters'] == it['end'] - it['start'] == len(chunks[1])
    assert it['tokens'] == len(tokenizer.encode(TEXT[it['start']:it['end']]))
    assert it['bits'] / it['characters'] == pytest.approx(chunks[1].density)
    assert it['overlap'] == chunks[0].end - it['start']


def test_neighbours_stand_around_a_chunk(chunks):
    assert [it['index'] for it in neighbours(chunks, 0)] == [0, 1]
    assert [it['index'] for it in neighbours(chunks, 2)] == [1, 2, 3]
    last = len(chunks) - 1
    assert [it['index'] for it in neighbours(chunks, last)] == [last - 1, last]
    for it in neighbours(chunks, 2)[1:]:
        before = chunks[it['index'] - 1].text
        assert before.endswith(it['text'][:it['shared']])


@pytest.mark.parametrize('amount', [3000, 10_000, 0, 10**9])
def test_an_excerpt_ends_with_a_paragraph(amount):
    got = excerpt(TEXT, amount)
    assert TEXT.startswith(got) and (got == TEXT or got.endswith('\n\n'))
    assert len(got) == len(TEXT) if amount in (0, 10**9) else 0.8 * amount < len(got) <= amount


@pytest.mark.parametrize('text, length', [('', 0), ('é', 1), ('👩\u200d👩\u200d👧' * 9, 30),
                                          ('a' * 50, 40)])
def test_an_excerpt_of_what_has_no_sentence_keeps_graphemes_whole(text, length):
    assert len(excerpt(text, 40 if len(text) == 50 else 33)) == length
