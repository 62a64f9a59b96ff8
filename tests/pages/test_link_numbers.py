"""What a link gives: what fits is taken, anything else leaves the default and is told."""

import json
from importlib import import_module
from pathlib import Path

import pytest

from pages.locale import text
from pages.opened import OpenPages
from pages.settings import Knob, Link, one_of, piece, whole
from pages.training.page import Training

ROOT = Path(__file__).parents[2]
ROWS = json.loads((ROOT / 'site' / 'pages.json').read_text(encoding='utf-8'))
SHARE = Knob('p', 0.9, 0.01, 1, 0.01, digits=2, switchable=True)
COUNT = Knob('n', 40, 1, 200, 1)


@pytest.mark.parametrize('knob, given, read', [
    (SHARE, '0.35', 0.35), (SHARE, '0', 0.9), (SHARE, 'nan', 0.9), (SHARE, None, 0.9),
    (COUNT, '7', 7), (COUNT, '201', 40), (COUNT, 'x', 40), (COUNT, 'inf', 40)])
def test_a_knob_takes_a_number_within_its_bounds(knob, given, read):
    link = Link({} if given is None else {knob.key: given})
    assert knob.read(link) == knob.read(dict(link)) == read
    refused = given is not None and read == knob.default
    assert link.refused == ({knob.key: knob.write(knob.default)} if refused else {})


def test_what_a_knob_writes_it_reads_again():
    assert SHARE.read({'p': SHARE.write(0.07)}) == 0.07 and COUNT.write(7.0) == '7'


def test_a_cut_that_is_off_is_no_number_and_no_mistake():
    link = Link({'p': 'off', 'n': 'off'})
    assert (SHARE.read(link), COUNT.read(link)) == (0.9, 40) and link.refused == {'n': '40'}


@pytest.mark.parametrize('given, read', [
    ('3', 3), ('9', None), ('-1', None), ('٣', None), ('', None), (None, None), ('1' * 5000, None)])
def test_a_whole_number_is_read_only_where_it_is_allowed(given, read):
    assert piece(given, range(5)) == read
    link = Link({} if given is None else {'at': given})
    assert whole(link, 'at', range(5), -1) == (-1 if read is None else read)
    assert link.refused == ({'at': ''} if given and read is None else {})


def test_a_choice_is_one_of_those_there_are():
    link = Link({'sort': 'b', 'order': 'sideways'})
    assert [one_of(link, key, ('a', 'b'), 'a') for key in ('sort', 'kind')] == ['b', 'a']
    assert one_of(link, 'order', ('up', 'down'), 'up') == 'up' and link.refused == {'order': 'up'}


def test_the_reader_is_told_which_settings_of_a_training_were_not_taken():
    query = {'n': '100000', 'v': '10', 'b': '0', 'seed': '-3', 'lr': '5', 'w': '7', 'acc': '2'}
    page = Training(query=query)
    said, = page.frame.refused.paragraphs
    for part in ('Passos = 100000 (vale 800)', 'Vocabulário = 10 (vale 512)', 'Lote = 0 (vale 12)',
                 'Semente = -3 (vale 1)', 'Taxa de aprendizado = 5 (vale 0.004)'):
        assert part in said
    assert 'Aquecimento' not in said and 'somados' not in said and page.settings.warmup == 7
    page.lang = 'en'
    assert 'Steps = 100000 (800 instead)' in page.frame.refused.paragraphs[0]
    page.take({'n': '30'})
    assert page.settings.steps == 30 and page.frame.refused.paragraphs == []
    assert page.frame.refused.styles == {'display': 'none'}


def test_what_was_not_taken_is_told_also_where_the_page_is_open_already():
    pages = OpenPages()
    for query, count in [({}, 0), ({'n': '100000'}, 1), ({'n': '30'}, 0)]:
        pages.open('training', 'pages.training.page:Training', 'pt', 'light', query, drawn=False)
        assert len(pages['training'].page.frame.refused.paragraphs) == count


@pytest.mark.parametrize('name, query', [
    ('index', {'seed': '99999'}), ('tokenizer', {'sort': 'colour'}), ('embeddings', {'n': '7'}),
    ('attention', {'layer': '99'}), ('transformer', {'block': '0'}), ('model', {'pv': 'x'}),
    ('inference', {'t': '9'}), ('chunking', {'size': '0'}), ('sample', {'overlap': '80'})])
def test_every_page_tells_what_it_did_not_take(name, query):
    row = next(it for it in ROWS if it['name'] == name)
    module, _, kind = row['viewer'].partition(':')
    page = getattr(import_module(module), kind)(query=query)
    said, = page.frame.refused.paragraphs
    (key, given), = query.items()
    assert said.startswith(text('pt')['frame']['refused']['title'])
    assert f'{key} = {given} (vale ' in said and '<' not in said
