"""Words of the frame: every page's terms and exercises are in both languages."""

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

import minigpt
from minigpt.locale import catalogue
from pages.exercises import SENTENCES
from pages.inference.page import Inference
from pages.locale import LANGUAGES, text

ROOT = Path(__file__).parents[2]
ROWS = json.loads((ROOT / 'site' / 'pages.json').read_text(encoding='utf-8'))
LESSONS = Path(minigpt.__file__).parent / 'locale' / 'lessons'
# Keys of the glossary, any of which explains what the pattern finds.
UNITS = {
    'pt': {('nat',): r'\bnats?\b', ('kl_divergence',): r'\bKL\b',
           ('perplexity', 'perplexity_tsne'): '[Pp]erplexidade', ('entropy',): '[Ee]ntropia',
           ('loss',): r'\b[Pp]erdas?\b'},
    'en': {('nat',): r'\bnats?\b', ('kl_divergence',): r'\bKL\b',
           ('perplexity', 'perplexity_tsne'): '[Pp]erplexity', ('entropy',): '[Ee]ntropy',
           ('loss',): r'\b[Ll]oss(es)?\b'}}


def kind(row):
    module, _, name = row['viewer'].partition(':')
    return getattr(import_module(module), name)


@pytest.mark.parametrize('lang', LANGUAGES)
@pytest.mark.parametrize('row', ROWS, ids=lambda row: row['name'])
def test_a_page_s_terms_and_exercises_have_their_words(row, lang):
    page = kind(row)
    assert page.terms and set(page.terms) <= text(lang)['glossary'].keys()
    assert len(page.terms) == len(set(page.terms))
    said = text(lang)[page.section].get('exercises', {})
    assert said.keys() == {it.key for it in page.exercises}
    for words in said.values():
        kinds = {key: it for key, it in words.items() if isinstance(it, dict)}  # for other models
        assert words.keys() - kinds.keys() == set(SENTENCES)
        assert all(it.keys() <= set(SENTENCES) for it in kinds.values())


def sentences(words):
    """All strings in a part of a locale file."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, (dict, list)):
        for it in words.values() if isinstance(words, dict) else words:
            yield from sentences(it)


@pytest.mark.parametrize('lang', LANGUAGES)
@pytest.mark.parametrize('row', ROWS, ids=lambda row: row['name'])
def test_no_unit_of_surprise_stands_on_a_page_unexplained(row, lang):
    page, said = kind(row), ' '.join(sentences(text(lang)[kind(row).section]))
    if row['name'] == 'lessons':
        said += ' '.join(it.read_text(encoding='utf-8') for it in LESSONS.glob(f'*.{lang}.md'))
        said += ' '.join(catalogue(lang)['teach']['axes'].values())
    for keys, pattern in UNITS[lang].items():
        if re.search(pattern, said):
            assert set(keys) & set(page.terms), (keys, re.search(pattern, said))


@pytest.mark.parametrize('lang', LANGUAGES)
def test_a_note_is_one_sentence(lang):
    for key, entry in text(lang)['glossary'].items():
        assert entry.keys() == {'term', 'note'}, key
        assert entry['note'].endswith('.') and len(entry['note']) <= 140, key


def test_the_glossary_follows_the_language():
    page = Inference()
    terms = {it['key']: it['term'] for it in page.frame.glossary.entries}
    assert terms['seed'] == 'semente' and list(terms) == list(page.terms)
    page.lang = 'en'
    terms = {it['key']: it['term'] for it in page.frame.glossary.entries}
    assert terms['seed'] == 'seed' and list(terms) == list(page.terms)
    assert page.frame.exercises.words['check'] == 'Check'
