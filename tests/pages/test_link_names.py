"""What nobody asked for in a link, and what of its lists could not be used: every page tells it."""

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from minigpt.lab import shipped_lab
from minigpt.server import modules
from pages.attention.page import Attention
from pages.locale import text
from pages.settings import Link, each
from pages.training.page import Training

ROOT = Path(__file__).parents[2]
VIEWERS = {it['name']: it['viewer']
           for it in json.loads((ROOT / 'site' / 'pages.json').read_text(encoding='utf-8'))}
TITLE = text('pt')['frame']['refused']['title']


def page(name: str, lang: str = 'pt', **query: str):
    module, _, kind = VIEWERS[name].partition(':')
    return getattr(import_module(module), kind)(lang, query=query)


def said(page) -> str:
    return ' '.join(page.frame.refused.paragraphs)


@pytest.fixture(scope='module')
def registry():
    return modules.of(shipped_lab())


@pytest.mark.parametrize('name', VIEWERS)
def test_every_page_tells_of_a_name_that_it_does_not_know(name):
    shown = page(name, zzyzx='2', token='secret', utm_source='x', fbclid='IwAR0')
    assert said(shown) == f'{TITLE} zzyzx (nome que esta página não conhece).'
    shown.lang = 'en'
    assert 'zzyzx (a name that this page does not know).' in said(shown)
    shown.take({})
    assert said(shown) == '' and shown.frame.refused.styles == {'display': 'none'}


@pytest.mark.parametrize('name, wrong, meant', [
    ('index', 'sede', 'seed'), ('tokenizer', 'tex', 'text'), ('embeddings', 'perplexty', 'px'),
    ('attention', 'temprature', 'temp'), ('transformer', 'bloc', 'block'),
    ('model', 'plan_n_embed', 'pc'), ('training', 'learning_rat', 'lr'),
    ('training', 'Taxa de aprendizado', 'lr'), ('inference', 'temprature', 't'),
    ('inference', 'SEED', 'seed'), ('chunking', 'overlp', 'overlap'), ('sample', 'questoin', 'q'),
    ('lessons', 'lessen', 'lesson')])
def test_the_name_that_was_perhaps_meant_is_said(name, wrong, meant):
    shown = page(name, **{wrong: '2'})
    assert said(shown) == f'{TITLE} {wrong} (nome que esta página não conhece, talvez {meant}).'


@pytest.mark.parametrize('name', VIEWERS)
def test_whatever_a_terminal_can_set_is_known_whether_the_link_is_used_or_not(name, registry):
    keys = {it.key for it in registry[name].parameters.values()} if name in registry else set()
    for query in ({}, dict.fromkeys(sorted(keys), '?')):
        assert 'não conhece' not in said(page(name, **query))
    link = Link({})
    page(name).restore(link)
    assert keys <= link.known and link.unknown == []


def test_a_long_name_is_the_one_that_a_terminal_uses(registry):
    for name, module in registry.items():
        long = {way: it.key for way, it in module.parameters.items() if way != it.key}
        ours = {way: key for way, key in page(name).long_names.items() if way != key}
        assert ours == long


def test_a_name_that_the_link_gives_already_was_not_meant():
    link = Link({'seed': '1', 'sed': '2'})
    assert link.get('seed') == '1' and link.get('k') is None and 'n' not in link
    assert link.unknown == ['sed'] and link.meant_by('sed', {}) == ''
    assert Link({}).meant_by('x' * 10 ** 6, {'x': 'y'}) == ''


def test_many_and_long_names_are_told_in_few_words():
    shown = page('inference', **{f'{i}{"x" * 500}': 'y' for i in range(300)})
    assert len(said(shown)) < 800 and said(shown).endswith('e mais 295.')
    shown = page('embeddings', w='-'.join(f'<b>{i}' for i in range(300)))
    assert said(shown).endswith('w sem <b>0, <b>1, <b>2, <b>3, <b>4, e mais 295.')


def test_pieces_of_a_list_that_are_none_are_noted_but_for_empty_ones():
    link = Link({'w': '1--x-2-'})
    assert each(link, 'w', link['w'].split('-'), {'1': 1, '2': 2}.get) == [1, 2]
    assert link.odd == {'w': ['x']} and each({'w': 'x'}, 'w', ['x'], {}.get) == []


@pytest.mark.parametrize('name, query, told', [
    ('embeddings', {'w': '338-99999999-x'}, 'w sem 99999999, x'),
    ('transformer', {'off': 'position,h.77.attn'}, 'off sem h.77.attn'),
    ('chunking', {'keep': 'szp'}, 'keep sem z'),
    ('attention', {'off': '0.1-0.a-3', 'mask': 'no'}, 'off sem 0.a, 3'),
    ('attention', {'mask': 'no'}, 'mask = no (vale on)'),
    ('attention', {'cut': '0.0.1.0-0.0.1'}, 'cut sem 0.0.1'),
    ('attention', {'off': '0.1-70.0'}, 'off sem 70.0'),            # the model has no such block
    ('attention', {'text': 'a', 'forced': '0.0.60.1'}, 'forced sem 0.0.60.1'),  # nor the text
    ('inference', {'picks': '1.300-x.4'}, 'picks sem x.4'),
    ('inference', {'open': 'cache.nothing'}, 'open sem nothing'),
    ('inference', {'tree': '7*12*3.412-a.b_x*1*'}, 'tree sem a.b, x*1*'),
    ('model', {'at': 'h.99'}, 'at = h.99 (vale whole)'),
    ('model', {'at': 'h.0.attn.q', 'cell': '0.1'}, 'cell = 0.1 (vale o de costume)'),
    ('model', {'at': 'h.0', 'cell': '1'}, 'cell = 1 (vale o de costume)'),
    ('model', {'at': 'wte.weight', 'in': 'h.1'}, 'in = h.1 (vale entry)'),
    ('model', {'edit': 'os.remove'}, 'edit = os.remove (vale '),
    ('lessons', {'lesson': 'cooking'}, 'lesson = cooking (vale '),
    ('lessons', {'step': '99'}, 'step = 99 (vale 1)')])
def test_what_of_a_list_or_of_a_choice_was_not_usable_is_told(name, query, told):
    shown = said(page(name, **query))
    assert shown.startswith(TITLE) and told in shown and 'não conhece' not in shown


@pytest.mark.parametrize('name, query', [
    ('embeddings', {'w': '338-400'}), ('transformer', {'off': 'position,h.0.head.1'}),
    ('chunking', {'keep': 'sp'}), ('attention', {'off': '0.1-2.3', 'mask': 'on'}),
    ('inference', {'picks': '1.300', 'open': 'cache.duel', 'tree': '7*12*3.412_8*40*', 'k': 'off'}),
    ('model', {'at': 'wte.weight', 'in': 'exit', 'cell': '503.4'}), ('model', {'at': 'whole'}),
    ('model', {'at': 'h.0.attn.q', 'in': 'whole', 'cell': '0.1.2'}),
    ('lessons', {'lesson': 'kv_cache', 'step': '2'}), ('index', {'seed': '3'})])
def test_of_a_link_that_is_right_nothing_is_told(name, query):
    assert said(page(name, **query)) == ''


def test_no_more_changes_than_a_link_may_hold_are_taken():
    every = [f'{i}.0.1.0' for i in range(70)]
    shown = Attention(query={'cut': '-'.join(every)})
    assert len(shown.what_if.cut) == 64 and re.search(r'cut sem 64\.0\.1\.0, ', said(shown))


def test_what_was_told_of_a_link_stays_while_the_reader_goes_on():
    shown = Training(query={'n': '30', 'x': '1'})
    shown.choose(warmup=7)
    shown.lang = 'en'
    assert shown.settings.steps == 30 and 'x (a name that this page does not know' in said(shown)
