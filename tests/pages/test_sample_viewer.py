"""The sample page without a browser: set its params, do its gestures, read its components."""

import re

import numpy as np
import pytest
from take_home import printed

from minigpt.chunking import STRATEGIES, chunk
from minigpt.embeddings import retrieve, token_table
from pages import lab as labs
from pages.lab import lab
from pages.locale import text
from pages.sample.page import Sample
from pages.sample.answers import marked
from pages.sample.scan import so_far
from pages.sample.settings import EXAMPLES

pytestmark = pytest.mark.usefixtures('shipped_again')


@pytest.fixture
def page():
    return Sample()


def done(page):
    return {it['key'] for it in page.frame.exercises.exercises if it['is_done']}


# The scanner

def test_it_opens_half_way_through_a_true_excerpt_with_answers(page):
    assert page.query == {} and 1000 < len(page.text) <= 2000
    assert lab().corpus.startswith(page.text) and page.position == len(page.text) // 2
    assert page.view.scanner.position == page.position
    assert all(len(it['rows']) == 3 for it in page.view.lists.lists)


def test_the_picture_has_the_whole_text_and_minigpt_s_ends(page):
    page.overlap = 20
    scan, chunks = page.view.scanner.scan, chunk(page.text, 'sentence', 240, 0.2)
    assert ''.join(it['text'] for it in scan['pieces']) == page.text
    assert scan['chunks'] == [[it.start, it.end, it.overlap] for it in chunks]
    assert scan['sentences'] == chunks[0].source.sentence_list
    for it in scan['pieces']:
        holders = sum(c.start <= it['start'] and it['end'] <= c.end for c in chunks)
        assert holders >= 1 and it['shared'] == (holders > 1)
    marks = [it['mark'] for it in scan['pieces'] if it['mark'] >= 0]
    assert set(marks) == {*scan['sentences'], *(it.end for it in chunks)}
    assert len(marks) == len(set(marks))


def test_the_figures_so_far_are_those_of_the_text_so_far(page):
    scan = page.view.scanner.scan
    end = page.chunks[3].end
    known = so_far(page.text, page.chunks, end)
    assert (known.characters, known.chunks) == (end, 4)
    assert known.mean == pytest.approx(sum(map(len, page.chunks[:4])) / 4)
    assert known.density == pytest.approx(scan['bits'][end] / end, abs=1e-4)
    whole = so_far(page.text, page.chunks, len(page.text))
    assert whole.sentences == len(scan['sentences'])
    assert whole.density == pytest.approx(chunk(page.text, 'fixed', 5000, 0)[0].density)
    assert so_far(page.text, page.chunks, 0).density == 0


def test_each_chunk_says_why_it_ends_there(page):
    it, about = page.chunks[0], page.view.scanner.about_chunks[0]
    following = page.chunks[0].source.sentence_list
    over = next(end for end in following if end > it.end)
    assert about['reason'] == text('pt')['sample']['reasons']['sentence']
    assert f'daria {over - it.start}' in about['about']
    for strategy in STRATEGIES:
        page.strategy = strategy
        assert len(page.view.scanner.about_chunks) == len(page.chunks) > 1


# The question

def test_both_rankings_are_minigpt_s(page):
    want = retrieve(page.question, [it.text for it in page.chunks], token_table(lab().model),
                    lab().tokenizer)
    for measure, shown in zip(('cosine', 'bits'), page.view.lists.lists, strict=True):
        best = sorted((getattr(it, measure) for it in want), reverse=True)[:3]
        assert [it['exact'] for it in shown['rows']] == best
        for row in shown['rows']:
            assert ''.join(piece for piece, _ in row['pieces']) == page.chunks[row['index']].text


def test_the_verdict_says_where_the_answer_is_and_who_found_it(page):
    words = text('pt')['sample']['verdict']
    assert page.answers.rank('cosine') == 2 and page.answers.rank('bits') == 1
    assert page.view.said.paragraphs[0].endswith(
        words['bits'].format(count=8, cosine=words['rank'].format(rank=2)))
    page.view.fields._handle_msg({'values': dict(zip(('question', 'answer'), EXAMPLES['menor']))})
    assert page.answers.rank('cosine') == page.answers.rank('bits') == 1
    assert page.view.said.paragraphs[0].endswith(words['both'].format(count=8))
    page.question = 'xyzzy'
    assert page.answers.rank('bits') is None and words['unshared'] in page.view.said.paragraphs[0]


def test_a_smaller_size_splits_the_answer_and_overlap_brings_it_back(page):
    page.param.update(strategy='fixed', size=120)
    page.param.update(question=EXAMPLES['menor'][0], answer=EXAMPLES['menor'][1])
    first, second = page.answers.parts
    assert page.answers.is_split and second == first + 1 and page.answers.rank('cosine') is None
    parts = [''.join(piece for piece, kind in marked(page.chunks[i], page.answers.matches[i],
                                                     page.answers.span)
                     if kind in ('answer', 'both')) for i in (first, second)]
    assert ''.join(parts) == page.answer
    page.overlap = 50
    assert page.answers.holders and not page.answers.is_split


def test_an_answer_that_is_not_there_is_said(page):
    page.answer = 'NO PÁTIO'
    assert page.answers.span and not page.view.fields.fields[1]['error']
    page.answer = 'não está aqui'
    assert page.answers.span is None and page.view.fields.fields[1]['error']
    page.question = ''
    assert page.view.fields.fields[0]['error'] and page.view.said.paragraphs == []
    assert [it['rows'] for it in page.view.lists.lists] == [[], []]


# What all pages promise

def test_exercises_are_done_by_doing_them(page):
    assert done(page) == set()
    page.view.scanner.position = len(page.text)
    assert done(page) == {'end'}
    page.param.update(strategy='fixed', size=120)
    page.param.update(question=EXAMPLES['menor'][0], answer=EXAMPLES['menor'][1])
    assert done(page) == {'end', 'split'}
    page.param.update(strategy='sentence', size=240)
    assert done(page) == {'end', 'split'}  # an example is no question of one's own
    page.param.update(question='Onde os gatos do mercado subiam?', answer='nos telhados')
    assert done(page) == {'end', 'split', 'found'}


def test_the_sources_are_those_of_the_strategy_shown(page):
    page.strategy = 'adaptive'
    assert STRATEGIES['adaptive'] in page.sources() and retrieve in page.sources()
    page.frame.source.open = True
    assert len(page.frame.source.pieces) == len(page.sources())


def test_a_link_carries_the_whole_state():
    query = {'size': '120', 'overlap': '20', 'strategy': 'adaptive', 'part': '3', 'q': 'Quem?',
             'a': 'eu', 'at': '100'}
    copy = Sample(query=query)
    assert copy.query == query and copy.view.scanner.position == 100
    assert Sample(query={'text': 'Oi. Tchau.'}).text == 'Oi. Tchau.'


@pytest.mark.parametrize('query', [{'size': '0'}, {'overlap': 'x'}, {'strategy': '?'},
                                   {'part': '0'}, {'at': '-3'}, {'at': '٣'}, {'size': '1e9'}])
def test_what_a_link_cannot_mean_keeps_its_first_value(query):
    assert Sample(query=query).query == {}


@pytest.mark.parametrize('corpus', ['', ' \n', 'a', '🐈🐈', 'שלום עולם. מה?', '\ud800 x', 'x' * 5000,
                                    '<b onclick=alert(1)>um</b> ' * 40, '👩‍👩‍👧 ' * 900,
                                    'um rio grande. ' * 70_000])
def test_any_text_of_one_s_own(page, corpus):
    labs.change(corpus=corpus)
    assert page.failure == '' and corpus.startswith(page.text)
    for strategy in STRATEGIES:
        page.param.update(strategy=strategy, size=40, overlap=50)
        assert ''.join(it['text'] for it in page.view.scanner.scan['pieces']) == page.text
        assert page.script()
    page.param.update(question=corpus[:100], answer=corpus[:9])
    page.position = len(page.text)
    assert page.failure == ''
    assert ('text' in page.query) == (0 < len(corpus) <= 2000)


def test_our_questions_are_offered_for_our_text_alone(page):
    first = page.question, page.answer
    labs.change(corpus='O gato dormiu no telhado. ' * 30)
    assert page.view.fields.examples == []
    assert not any(it['error'] for it in page.view.fields.fields)
    page.answer = 'no telhado'
    assert page.answers.span and 'a' in page.query
    page.answer = page.opening[1]
    labs.change(corpus=labs.shipped_lab().corpus)
    assert (page.question, page.answer) == first and page.answers.span
    assert len(page.view.fields.examples) == len(EXAMPLES)


@pytest.mark.parametrize('lang, said', [('pt', 'frase do seu texto'), ('en', 'sentence of your')])
def test_a_text_of_one_s_own_is_asked_for_a_sentence_of_its_middle(page, lang, said):
    page.lang = lang
    labs.change(corpus='O gato dormiu no telhado. A chuva molhou a rua inteira. O sol voltou cedo.')
    assert page.question == page.answer == 'A chuva molhou a rua inteira.'
    assert page.answers.holders == (0,) and 'q' not in page.query
    assert said in page.view.fields.fields[0]['note']
    page.question = 'Quem dormiu?'
    assert said not in page.view.fields.fields[0]['note']


def test_another_excerpt_begins_half_way_and_another_text_with_its_first(page):
    page.number = 2
    assert page.position == len(page.text) // 2 and page.text in lab().corpus
    labs.change(corpus='Uma frase. ' * 30)
    assert page.number == 1 and page.text.startswith('Uma frase.')


def test_the_language_changes_words_and_numbers_and_nothing_else(page):
    before = page.query, page.view.scanner.scan
    page.lang = 'en'
    assert (page.query, page.view.scanner.scan) == before
    assert page.view.lists.lists[0]['rows'][0]['value'] == 'cosine 0.47'


@pytest.mark.parametrize('query', [{}, {'strategy': 'overlap', 'overlap': '20', 'at': '400',
                                        'q': 'O "som" \\ {x} \'é\''}])
def test_the_script_prints_the_page_s_numbers(tmp_path, query):
    page = Sample(query=query)
    output = printed(page, tmp_path)
    words = {kind: [line.split()[1:] for line in output.splitlines()
                    if line.startswith(kind + ' ')] for kind in ('chunk', 'match', 'density')}
    assert [it[1:4] for it in words['chunk']] == [
        [str(it.start), str(it.end), it.reason] for it in page.chunks]
    np.testing.assert_allclose([list(map(float, it[1:])) for it in words['match']],
                               [[it.cosine, it.bits] for it in page.answers.matches], atol=1e-5)
    known = so_far(page.text, page.chunks, page.position)
    assert float(words['density'][0][0]) == pytest.approx(known.density)
    assert re.search(rf'^chunks {known.chunks} mean ', output, re.MULTILINE)


@pytest.mark.parametrize(('lang', 'marks'), [('pt', '«»'), ('en', '“”')])
def test_words_in_common_stand_in_the_language_s_quotation_marks(lang, marks):
    page = Sample(lang)
    page.show()
    rows = page.view.lists.lists[1]['rows']
    assert all(mark in rows[0]['about'] for mark in marks)
