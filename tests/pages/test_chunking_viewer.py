"""The chunking page without a browser: set its params, read its components."""

import asyncio
import json
import re

import pytest
from event_loop import in_an_event_loop
from take_home import printed

from minigpt.chunking import STRATEGIES, chunk, quality
from minigpt.lab import shipped_lab
from pages import lab as labs
from pages.chunking import page as chunking_page
from pages.chunking.page import LINKED, Chunking
from pages.chunking.cutting import excerpt
from pages.exercises import done
from pages.locale import text

TEXT = excerpt(shipped_lab().corpus, 3000)
PAYLOAD = '<img src=x onerror="alert(1)"> &lt;b&gt; {{7*7}} </script>\n\n\t  fim.'


@pytest.fixture
def page():
    return Chunking()


@pytest.fixture
def own():
    """Use a text as the lab's corpus; the shipped lab comes back at the end."""
    async def back():  # pages that are on the screen begin to measure, which takes a loop
        labs.replace(shipped_lab())

    yield lambda content: labs.change(corpus=content)
    asyncio.run(back())


def bounds(chunks):
    return [(it.start, it.end) for it in chunks]


def shown(component):
    return ''.join(it['text'] for it in component.picture['segments'])


def test_it_opens_on_the_corpus_in_numbered_chunks(page):
    want = chunk(TEXT, 'fixed', 300, 30)
    assert bounds(page.cut.chunks) == bounds(want) and page.query == {}
    assert shown(page._view.text) == TEXT and page._view.text.count == len(want)
    assert [it['index'] for it in page._view.text.picture['chunks']] == list(range(len(want)))


@pytest.mark.parametrize('strategy', STRATEGIES)
def test_each_strategy_cuts_as_minigpt_does_and_its_figures_are_shown(page, strategy):
    page.param.update(strategy=strategy, size=240, overlap=20)
    want = chunk(TEXT, strategy, 240, 48)
    assert bounds(page.cut.chunks) == bounds(want)
    q, cells = quality(want), [row['cells'][0]['text'] for row in page._view.measures.figures.rows]
    assert cells[0] == str(q.count) and cells[3] == f'{100 * q.repeated:.1f}%'.replace('.', ',')
    assert sum(page.cut.reasons.values()) == q.count
    assert sum(page._view.measures.sizes.columns['chunks']) == q.count


@in_an_event_loop
async def test_a_link_into_a_text_too_long_to_be_cut_at_once_shows_its_place():
    link = {'unit': 'tokens', 'size': '100', 'amount': '100000', 'at': '50000', 'chunk': '99'}
    page = Chunking(query=link)
    assert len(page.text) < 3000
    page.start()
    while page.cutting.running:
        await asyncio.sleep(0.01)
    page.stop()
    assert page.window.begin <= 50_000 < page.window.end and page.query == link


def test_moving_the_size_moves_the_cuts(page):
    before = bounds(page.cut.chunks)
    page.size = 310
    assert bounds(page.cut.chunks) != before and shown(page._view.text) == TEXT


def test_the_totals_count_repeated_text_once_and_each_time(page):
    said = page._view.text.totals
    total = sum(len(it) for it in page.cut.chunks)
    assert '2.939' in said[0] and f'{total:,}'.replace(',', '.') in said[1]
    assert f'{total - 2939} são repetições' in said[1]


def test_tokens_are_those_of_the_lab_s_tokenizer(page):
    page.unit = 'tokens'
    assert 5 <= page.size <= 500 and page.query['unit'] == 'tokens'
    encode = shipped_lab().tokenizer.encode
    assert all(it.n_tokens == len(encode(it.text)) <= page.size for it in page.cut.chunks)
    mean = sum(len(it) for it in page.cut.chunks) / len(page.cut.chunks)
    assert 200 < mean < 400  # about as long as before
    page.unit = 'characters'
    assert page.cut.chunks[0].n_tokens is None


def test_two_strategies_stand_side_by_side_on_the_same_stretch(page):
    assert page._view.second.css_classes == ['absent']
    page.other = 'semantic'
    assert page._view.second.css_classes == [] and shown(page._view.second) == TEXT
    assert len(page._view.map.rows) == 2
    assert all(len(row['cells']) == 2 for row in page._view.measures.figures.rows)
    page._view.second.pinned = 2
    assert [it['index'] for it in page._view.second.near] == [1, 2, 3]
    page.other = ''
    assert page._view.second.css_classes == ['absent'] and len(page._view.map.rows) == 1


def test_a_pinned_chunk_shows_its_text_and_its_neighbours(page):
    page.pinned = 3
    near = page._view.text.near
    assert [it['text'] for it in near] == [page.cut.chunks[i].text for i in (2, 3, 4)]
    assert page.query == {'chunk': '4'}
    page.size = 2000  # fewer chunks than that
    assert page.pinned == -1 and page._view.text.near == []


def test_a_long_text_is_shown_by_windows(page):
    page.amount = 0
    whole = shipped_lab().corpus
    seen, at = '', -1
    while at != page.window.begin and len(seen) < 20_000:
        at = page.window.begin
        seen = seen[:at] + shown(page._view.text)
        page.move('on')
    assert whole.startswith(seen) and len(seen) >= 20_000
    page.move(1.0)
    assert page.window.end == len(whole) and not page._view.map.more_after
    assert 2000 < page.window.end - page.window.begin <= 3000
    page.move('back')
    assert page._view.map.more_after and page._view.map.more_before
    assert 'bins' in page._view.map.rows[0] and sum(page._view.map.rows[0]['bins']) == len(
        page.cut.chunks)


def test_a_link_carries_the_whole_state():
    query = {'unit': 'tokens', 'size': '60', 'overlap': '25', 'strategy': 'sliding', 'keep': 'sp',
             'with': 'adaptive', 'amount': '10000', 'at': '4000', 'chunk': '9'}
    page = Chunking(query=query)
    assert page.query == query
    assert bounds(Chunking(query=page.query).cut.chunks) == bounds(page.cut.chunks)


@pytest.mark.parametrize('query', [{'size': 'x'}, {'size': '0'}, {'overlap': '99'}, {'keep': '!'},
                                   {'strategy': 'none'}, {'with': 'none'}, {'unit': 'miles'},
                                   {'amount': '7'}, {'at': '-1'}, {'chunk': 'x'}])
def test_what_a_link_cannot_mean_keeps_its_first_value(query):
    page = Chunking(query=query)
    assert page.query == {} and len(page.cut.chunks) == 11


def test_a_place_beyond_the_text_shows_its_end():
    page = Chunking(query={'at': '999999', 'chunk': '999'})
    assert page.window.last == len(page.cut.chunks) - 1 and page.pinned == -1


@pytest.mark.parametrize('content', ['', 'a', ' ', '🐈🐈‍⬛👩‍👩‍👧' * 40, 'שלום עולם. ' * 60, PAYLOAD,
                                     'x' * 5000, '\ud800 loose'])
def test_any_text_behaves(own, content):
    page = Chunking()
    own(content)
    assert ''.join(it.text[it.overlap:] for it in page.cut.chunks) == content
    assert content.startswith(shown(page._view.text))
    page.param.update(strategy='semantic', other='overlap', unit='tokens')
    assert ''.join(it.text[it.overlap:] for it in page.compared.chunks) == content
    page.move('on')
    page.move('back')
    name, file = page._view.measures._export()
    assert ''.join(it['text'][it['overlap']:] for it in json.loads(file)['chunks']) == content


def test_an_own_text_is_shown_whole_and_travels_in_the_link_if_short(own):
    page = Chunking()
    own(PAYLOAD)
    assert page.amount == 0 and page.query == {'text': PAYLOAD}
    copy = Chunking(query={'text': PAYLOAD})
    assert shown(copy._view.text) == PAYLOAD and copy._view.text.written_in == ''
    own('palavra ' * LINKED)
    assert 'text' not in page.query
    assert text('pt')['chunking']['totals']['not_linked'] in page._view.text.totals


def test_a_megabyte_opens_on_its_beginning_and_is_then_cut_whole(own):
    content = (shipped_lab().corpus * 5)[:1_000_000]

    async def run():
        page = Chunking()
        page.show()
        own(content)
        assert page.cut.chunks and len(page.cut.text) <= 3000 and page.cutting.running
        assert page._view.text.busy
        page.size = 400  # in the midst of it: only the last wish counts
        while page.cutting.running:
            await asyncio.sleep(0)
        page.stop()
        return page
    page = asyncio.run(run())
    assert bounds(page.cut.chunks) == bounds(chunk(content, 'fixed', 400, 40))
    assert not page._view.text.busy and len(page._view.text.picture['segments']) < 300


@in_an_event_loop
async def test_in_a_long_text_the_cuts_follow_the_hand_and_the_figures_its_rest(own, monkeypatch):
    content = (shipped_lab().corpus * 5)[:400_000]
    own(content)
    page = Chunking()
    view, figures = page._view, page._view.measures.figures
    monkeypatch.setattr(chunking_page, 'RESTING', 3600)
    for size in (400, 500):
        before, page.size = figures.rows, size
        while page.cut.request.size != size or view.text.count != len(page.cut.chunks):
            await asyncio.sleep(0)
        for _ in range(100):  # turns in which what is not waited for would be done
            await asyncio.sleep(0)
        assert figures.rows == before and page.cutting.running
    monkeypatch.setattr(chunking_page, 'RESTING', 0)
    page.size = 600
    while page.cutting.running:
        await asyncio.sleep(0)
    page.stop()
    want = chunk(content, 'fixed', 600, 60)
    shown_figures = [row['cells'][0]['text'] for row in figures.rows]
    assert shown_figures[0] == str(len(want))
    bits = sum(it.density * len(it) for it in want) / sum(map(len, want))
    assert shown_figures[-1] == f'{bits:.2f}'.replace('.', ',')


def test_the_six_are_timed_with_a_warm_up_and_a_median(page):
    async def run():
        page.start()
        while page.timing.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert [it.strategy for it in page.timings] == list(STRATEGIES)
    for it in page.timings:
        assert it.runs >= 1 and min(it.seconds) <= it.median <= max(it.seconds)
        assert it.chunks == len(chunk(TEXT, it.strategy, 300, 30))
        assert it.megabytes_per_second == pytest.approx(len(TEXT.encode()) / 1e6 / it.median)
    assert page._view.measures.speed.note == text('pt')['chunking']['timing']['fresh']
    page.size = 200
    assert page._view.measures.speed.note == text('pt')['chunking']['timing']['stale']


def test_the_export_holds_every_chunk_exactly(page):
    page.strategy = 'overlap'
    name, content = page._view.measures._export()
    file = json.loads(content)
    assert name == 'chunks-overlap.json' and file['size'] == 300
    assert file['characters_in_text'] == len(TEXT)
    assert [TEXT[it['start']:it['end']] for it in file['chunks']] == [
        it['text'] for it in file['chunks']]
    assert [it['reason'] for it in file['chunks']] == [it.reason for it in page.cut.chunks]
    assert file['figures']['count'] == len(file['chunks'])


@pytest.mark.parametrize('query', [{}, {'strategy': 'semantic', 'with': 'sliding', 'keep': 'p'},
                                   {'unit': 'tokens', 'amount': '10000', 'strategy': 'sentence'},
                                   {'text': PAYLOAD}])
def test_the_script_prints_the_page_s_numbers(tmp_path, query):
    page = Chunking(query=query)
    out = printed(page, tmp_path)
    rows = re.findall(r'^ *(\d+) +(\d+) +(\d+) +(\d+) +([\d.]+) +([\d.]+) (\w+)', out, re.MULTILINE)
    shown_chunks = [it for cut in (page.cut, page.compared) if cut for it in cut.chunks]
    assert [(int(a), int(b), int(c), reason) for _, a, b, c, _, _, reason in rows] == [
        (it.start, it.end, it.overlap, it.reason) for it in shown_chunks]
    assert [float(row[4]) for row in rows] == pytest.approx(
        [it.density for it in shown_chunks], abs=1e-4)
    assert str(page.cut.quality) in out and f'characters in the text: {len(page.cut.text)}' in out


def test_the_exercises_are_checked_by_what_the_page_shows(own):
    page = Chunking()
    page.frame.begin_again()
    assert done('chunking') == set()
    page.strategy = 'sentence'
    assert done('chunking') == {'sentences'}
    page.overlap = 30
    assert page.cut.quality.context_preservation >= 0.95
    assert done('chunking') == {'sentences', 'context'}
    page.frame.answered('count', '20')
    assert 'count' not in done('chunking')
    page.frame.answered('count', '25')
    assert done('chunking') == {'sentences', 'context', 'count'}
    page.frame.begin_again()


def test_what_cannot_be_asked_for_says_why(page):
    reasons = {it['id']: it['reason'] for it in page._view.controls.preserve.boxes}
    assert reasons == {'sentences': '', 'paragraphs': ''}
    page.strategy = 'semantic'
    assert page._view.controls.preserve.boxes[0]['reason']


def test_the_sources_are_the_strategies_at_work(page):
    page.param.update(strategy='sliding', other='adaptive')
    page.frame.source.open = True
    files = [it['file'] for it in page.frame.source.pieces]
    assert files[:3] == ['minigpt/chunking/strategies/sliding.py',
                         'minigpt/chunking/strategies/adaptive.py', 'minigpt/chunking/chunker.py']


def test_the_language_changes_words_and_nothing_else(page):
    before = bounds(page.cut.chunks), page.query
    page.lang = 'en'
    assert page._view.controls.size.label == 'Size in characters'
    assert page._view.text.title == 'Fixed size: 11 chunks'
    assert page._view.measures.sizes.title == 'Sizes of the chunks: Fixed size'
    assert (bounds(page.cut.chunks), page.query) == before


@pytest.mark.parametrize('lang, title, strip', [
    ('pt', 'Tamanho fixo: 1 chunk', 'Tamanho fixo: um só chunk, com o texto todo.'),
    ('en', 'Fixed size: 1 chunk', 'Fixed size: a single chunk, with the whole text.')])
def test_a_short_text_is_one_chunk_and_said_to_be_one(own, lang, title, strip):
    page = Chunking(lang=lang)
    own('O gato dormiu no telhado.')
    assert page._view.text.title == title
    assert [it['said'] for it in page._view.map.rows] == [strip]
    assert page._view.measures.sizes.figure.yaxis[0].ticker.min_interval == 1
